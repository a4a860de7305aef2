package dev.naru.simulation;

import dev.naru.log.LogView;
import dev.naru.record.InflationLimit;
import dev.naru.record.RecordReader;
import dev.naru.simulation.invariant.Violation;
import dev.naru.types.PartitionId;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * A producer's records may be in the log twice, for nothing but an answer tells it that they are
 * there. But the first of each are in the order in which it sent them, whatever was refused in
 * between.
 */
final class ProducerOrder {

  private final PartitionId partition;
  private final IntPredicate resends;
  private final Map<Integer, BitSet> seen = new TreeMap<>();

  /**
   * @param resends whether a producer sends again what was refused; the order of others is not
   *     promised
   */
  ProducerOrder(PartitionId partition, IntPredicate resends) {
    this.partition = partition;
    this.resends = resends;
  }

  void check(LogView log) {
    long offset = log.start();
    while (offset < log.end()) {
      var slice = log.read(offset, 1 << 20, log.end());
      for (var batch : slice.batches().batches()) {
        RecordReader.open(batch, InflationLimit.DEFAULT)
            .forEachRemaining(record -> check(record.offset(), record.value().orElseThrow()));
      }
      offset = slice.nextOffset();
    }
  }

  private void check(long offset, ByteBuffer value) {
    int producer = value.getInt(value.position());
    int number = (int) value.getLong(value.position() + 4);
    var before = seen.computeIfAbsent(producer, _ -> new BitSet());
    if (resends.test(producer) && !before.get(number) && number < before.length()) {
      throw new Violation(
          "ProducerOrder",
          partition,
          "record %d of producer %d is at %d for the first time, but %d came before it"
              .formatted(number, producer, offset, before.length() - 1));
    }
    before.set(number);
  }
}
