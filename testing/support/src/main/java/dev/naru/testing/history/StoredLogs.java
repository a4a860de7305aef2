package dev.naru.testing.history;

import dev.naru.testing.files.LogReader;
import dev.naru.testing.files.NotAsDrawnException;
import dev.naru.testing.files.PartitionFolder;
import dev.naru.testing.files.StoredBatch;
import dev.naru.testing.history.Anomaly.Kind;
import dev.naru.testing.history.FinalState.Replica;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * The files of every replica are as their format says, whole, and in the order of leaderships; who
 * was in sync holds everything that was committed, and exactly what readers were given.
 */
final class StoredLogs implements Check {

  @Override
  public void look(Account account, Findings findings) {
    for (var partition : account.partitions()) {
      for (var replica : partition.end().replicas()) {
        new Walk(partition, replica, findings).go();
      }
    }
  }

  /** Through all files of one replica. */
  private static final class Walk {
    private final PartitionAccount partition;
    private final Replica replica;
    private final Findings findings;
    private int epoch = -1;
    private long next; // to be compared with what readers were given

    Walk(PartitionAccount partition, Replica replica, Findings findings) {
      this.partition = partition;
      this.replica = replica;
      this.findings = findings;
      this.next = partition.end().logStart();
    }

    void go() {
      if (!Files.isDirectory(replica.folder())) {
        mustHold(0, 0);
        return;
      }
      try (var log = new PartitionFolder(replica.folder()).batches()) {
        walk(log);
      } catch (NotAsDrawnException e) {
        add(
            Kind.DAMAGED_FILE,
            next,
            () -> "on node %d: %s".formatted(replica.node(), e.getMessage()));
      } catch (IOException e) {
        throw new UncheckedIOException("Could not read " + replica.folder(), e);
      }
    }

    private void walk(LogReader log) throws IOException {
      OptionalLong start = OptionalLong.empty();
      for (var batch = log.next(); batch.isPresent(); batch = log.next()) {
        if (start.isEmpty()) {
          start = OptionalLong.of(batch.get().base());
          next = Math.max(next, batch.get().base()); // what is missing before, mustHold tells
        }
        batch(batch.get());
      }
      long end = log.end().orElse(0);
      mustHold(start.orElse(end), end);
      findings.count("replicas.walked");
    }

    private void batch(StoredBatch batch) {
      if (batch.leaderEpoch() < epoch) {
        int before = epoch;
        add(
            Kind.EPOCH_ORDER,
            batch.base(),
            () ->
                "on node %d epoch %d comes after %d"
                    .formatted(replica.node(), batch.leaderEpoch(), before));
      }
      epoch = batch.leaderEpoch();
      var records = batch.read();
      findings.count("records.on_disk", records.size());
      if (replica.isInSync()) {
        for (var stored : records) {
          nothing(stored.offset());
          compare(
              stored.offset(),
              stored
                  .valueBytes()
                  .flatMap(Payload::read)
                  .map(Value::packed)
                  .orElse(Offsets.ALTERED));
        }
        nothing(batch.last() + 1);
      }
    }

    /** Up to here there is no record; readers must not have been given any. */
    private void nothing(long to) {
      for (; next < Math.min(to, partition.end().highWatermark()); next++) {
        compare(next, Offsets.NOTHING);
      }
    }

    private void compare(long offset, long stored) {
      if (offset < next || offset >= partition.end().highWatermark()) {
        return;
      }
      next = Math.max(next, offset + 1);
      long read = partition.offsets().value(offset);
      if (read != stored && partition.offsets().wasReadAtTheEnd(offset)) {
        add(
            Kind.DIVERGENCE,
            offset,
            () ->
                "node %d stores %s, but %s was read"
                    .formatted(replica.node(), Offsets.text(stored), Offsets.text(read)));
      }
    }

    private void mustHold(long start, long end) {
      long to = partition.end().highWatermark();
      long mayBegin = Math.max(partition.end().logStart(), partition.end().explainedStart());
      long from = Math.min(to, mayBegin); // deleting goes on after the log start was asked for
      if (replica.isInSync() && from < to && (start > from || end < to)) {
        add(
            Kind.DIVERGENCE,
            start > from ? from : end,
            () ->
                "node %d is in sync and must hold %d to %d, but holds %d to %d"
                    .formatted(replica.node(), from, to, start, end));
      }
    }

    private void add(Kind kind, long offset, Supplier<String> what) {
      findings.add(kind, partition, OptionalLong.of(offset), OptionalLong.empty(), what);
    }
  }
}
