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
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Replicas in sync hold the same bytes from the greatest log start to the high watermark, batch for
 * batch. One that is not in sync may hold what was never committed, and is not compared.
 */
final class Divergence implements Check {

  @Override
  public void look(Account account, Findings findings) {
    for (var partition : account.partitions()) {
      var inSync =
          partition.end().replicas().stream()
              .filter(replica -> replica.isInSync() && Files.isDirectory(replica.folder()))
              .toList();
      for (int i = 1; i < inSync.size(); i++) {
        compare(partition, inSync.getFirst(), inSync.get(i), findings);
      }
    }
  }

  private static void compare(
      PartitionAccount partition, Replica one, Replica other, Findings findings) {
    try (var left = new PartitionFolder(one.folder()).batches();
        var right = new PartitionFolder(other.folder()).batches()) {
      var different = firstDifferent(left, right, partition.end().highWatermark(), findings);
      if (different.isPresent()) {
        var pair = different.get();
        findings.add(
            Kind.DIVERGENCE,
            partition,
            OptionalLong.of(Math.min(pair.left().base(), pair.right().base())),
            OptionalLong.empty(),
            () ->
                "node %d has %s, but node %d has %s"
                    .formatted(one.node(), text(pair.left()), other.node(), text(pair.right())));
      }
    } catch (NotAsDrawnException e) {
      findings.count("replicas.not_compared"); // which StoredLogs has reported
    } catch (IOException e) {
      throw new UncheckedIOException("Could not compare " + partition.name(), e);
    }
  }

  private record Pair(StoredBatch left, StoredBatch right) {}

  /** Both are chains without gaps: once two batches begin together, all do that are equal. */
  private static Optional<Pair> firstDifferent(
      LogReader leftLog, LogReader rightLog, long end, Findings findings) throws IOException {
    var left = leftLog.next();
    var right = rightLog.next();
    while (left.isPresent() && right.isPresent()) {
      var pair = new Pair(left.get(), right.get());
      if (pair.left().base() >= end || pair.right().base() >= end) {
        break;
      }
      if (pair.left().last() < pair.right().base()) {
        left = leftLog.next(); // the other one has deleted it
      } else if (pair.right().last() < pair.left().base()) {
        right = rightLog.next();
      } else if (!pair.left().bytes().equals(pair.right().bytes())) {
        return Optional.of(pair);
      } else {
        findings.count("batches.compared");
        left = leftLog.next();
        right = rightLog.next();
      }
    }
    return Optional.empty();
  }

  private static String text(StoredBatch batch) {
    return "%d to %d of epoch %d in %d bytes"
        .formatted(batch.base(), batch.last(), batch.leaderEpoch(), batch.bytes().capacity());
  }
}
