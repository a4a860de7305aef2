package dev.naru.log;

import dev.naru.log.producer.ProducerState;
import dev.naru.record.BatchBuilder;
import dev.naru.record.BatchBytes;
import dev.naru.record.Compression;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** A few producers that take turns at one log; each goes on where the log knows that it ended. */
public final class NumberedBatches {

  private static final int PRODUCERS = 4;
  private static final short EPOCH = 2;

  private final RandomGenerator random;
  private final TreeMap<Long, Integer> next = new TreeMap<>();
  private long nextId = 1L << 24;

  /** With these dice. */
  public NumberedBatches(RandomGenerator random) {
    this.random = random;
  }

  /** The log may have been cut or read anew since: goes on from what is there. */
  public void goOnAt(PartitionLog log) {
    next.clear();
    for (ProducerState state : log.producers().states()) {
      next.put(state.id(), state.nextSequence());
    }
  }

  /** Of one of them, or of one that is new. */
  public BatchBytes batch(int records, int valueBytes, long timestamp, Compression compression) {
    var builder = LogFixture.records(records, valueBytes, timestamp);
    number(builder);
    return builder.build(compression);
  }

  /** Makes a batch that is being built one of them, or of one that is new. */
  public void number(BatchBuilder builder) {
    long id = pick();
    int sequence = next.getOrDefault(id, 0);
    next.put(id, sequence + builder.recordCount());
    builder.producer(id, EPOCH, sequence);
  }

  private long pick() {
    if (next.isEmpty() || (next.size() < PRODUCERS && random.nextInt(10) == 0)) {
      return nextId++;
    }
    var known = List.copyOf(next.keySet());
    return known.get(random.nextInt(known.size()));
  }
}
