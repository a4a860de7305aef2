package dev.naru.simulation.invariant;

import dev.naru.broker.partition.PartitionInput.StartDue;
import dev.naru.log.LogView;
import dev.naru.record.InflationLimit;
import dev.naru.record.Record;
import dev.naru.record.RecordReader;
import dev.naru.types.PartitionId;
import java.util.function.LongSupplier;

/**
 * I22: no clock that jumps, and no absurd time in a record, has anything deleted that is not truly
 * older than the topic keeps it, or was already old by its producer's own word. And for its size no
 * log loses more than what is too much.
 */
public final class TrueAge implements Invariant {

  /** Producers write the true time into each record here, whatever they stamp it with. */
  private static final int TRUE_TIME_AT = 12;

  private final LongSupplier trueMillis;

  /**
   * By this clock, which no machine has.
   *
   * @param trueMillis the true time
   */
  public TrueAge(LongSupplier trueMillis) {
    this.trueMillis = trueMillis;
  }

  @Override
  public void startDue(Scene scene, Replica leader, StartDue due) {
    var log = leader.view().log();
    switch (due.why()) {
      case AGE -> checkAge(scene.retentionMillis(leader.partition()), log, due.start());
      case SIZE -> {
        if (!scene.isCompacted(leader.partition())) { // else it may be smaller than at the look
          checkSize(scene.retentionBytes(leader.partition()), log, due.start());
        }
      }
      case REQUEST, LEADER -> {}
    }
  }

  private void checkAge(long keptMillis, LogView log, long start) {
    long offset = log.start();
    while (offset < start) {
      var slice = log.read(offset, 1 << 20, log.end());
      for (var batch : slice.batches().batches()) {
        RecordReader.open(batch, InflationLimit.DEFAULT)
            .forEachRemaining(record -> {
              if (record.offset() >= log.start() && record.offset() < start) {
                checkAge(log.id(), keptMillis, record);
              }
            });
      }
      offset = slice.nextOffset();
    }
  }

  private void checkAge(PartitionId partition, long keptMillis, Record record) {
    long written =
        record
            .value()
            .map(value -> value.getLong(value.position() + TRUE_TIME_AT))
            .orElse(record.timestamp()); // a deletion has nothing to write it into
    long age = trueMillis.getAsLong() - Math.min(written, record.timestamp());
    if (keptMillis < 0 || age <= keptMillis) {
      throw violated(
          partition,
          "record %d is to go for its age after %d ms, but records are kept for %d ms",
          record.offset(),
          age,
          keptMillis);
    }
  }

  private void checkSize(long keptBytes, LogView log, long start) {
    long left =
        log.active().bytes()
            + log.closed().stream()
                .filter(segment -> segment.base() >= start)
                .mapToLong(segment -> segment.bytes())
                .sum();
    if (keptBytes < 0 || left < keptBytes) {
      throw violated(
          log.id(),
          "%s is to start at %d for its size, and has %d bytes then, but %d are kept",
          log.id(),
          start,
          left,
          keptBytes);
    }
  }
}
