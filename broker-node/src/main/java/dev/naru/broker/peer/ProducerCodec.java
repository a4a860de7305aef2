package dev.naru.broker.peer;

import dev.naru.log.producer.ProducerState;
import dev.naru.log.producer.Run;
import dev.naru.proto.internal.v1.ProducerEntry;
import dev.naru.proto.internal.v1.ProducerRun;
import java.util.ArrayList;
import java.util.OptionalInt;

/**
 * What a leader tells of a producer, between its value and its wire form: numbers go on from run to
 * run, so that only the first is said. How long it has been silent is not: a copy forgets later.
 */
final class ProducerCodec {

  private ProducerCodec() {}

  static ProducerEntry encode(ProducerState producer) {
    var entry =
        ProducerEntry.newBuilder()
            .setProducerId(producer.id())
            .setProducerEpoch(producer.epoch())
            .setFirstSequence(producer.runs().getFirst().firstSequence());
    for (var run : producer.runs()) {
      var one = ProducerRun.newBuilder().setCount(run.count()).setFirstOffset(run.firstOffset());
      run.crc().ifPresent(one::setCrc);
      entry.addRuns(one);
    }
    return entry.build();
  }

  static ProducerState decode(ProducerEntry entry) {
    var runs = new ArrayList<Run>(entry.getRunsCount());
    int sequence = entry.getFirstSequence();
    for (var one : entry.getRunsList()) {
      var crc = one.hasCrc() ? OptionalInt.of(one.getCrc()) : OptionalInt.empty();
      var run = new Run(sequence, one.getCount(), one.getFirstOffset(), crc);
      runs.add(run);
      sequence = run.endSequence();
    }
    return new ProducerState(
        entry.getProducerId(),
        (short) Math.min(entry.getProducerEpoch(), Short.MAX_VALUE),
        0,
        runs);
  }
}
