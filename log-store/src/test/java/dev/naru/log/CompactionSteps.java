package dev.naru.log;

import static dev.naru.log.LogFixture.NOW_MILLIS;

import dev.naru.log.LogCompaction.Step;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Compacts a log step by step. Anything may come between two of them, as in a node. */
final class CompactionSteps {

  private final RandomGenerator random;
  private final LogPromise promise;
  private @Nullable LogCompaction pass;
  private @Nullable CompactedSegments prepared; // neither put in place nor discarded
  private @Nullable CompactedSegments swap; // published, not finished

  CompactionSteps(RandomGenerator random, LogPromise promise) {
    this.random = random;
    this.promise = promise;
  }

  /** One step of a pass, which begins if none is under way. */
  void next(PartitionLog log) {
    if (swap != null) {
      swap.finish();
      swap = null;
    } else if (prepared != null) {
      decide(log, prepared);
      prepared = null;
    } else if (pass == null) {
      promise.committed(log.end());
      log.noteHighWatermark(log.end());
      pass = log.cleaning().pass(CompactionFixture.run(NOW_MILLIS, CompactionFixture.ROOMY));
      promise.compacting(pass.plan().cleanableEnd());
      if (!pass.begin()) {
        pass = null;
      }
    } else {
      switch (pass.next()) {
        case Step.Prepared(var segments) -> prepared = segments;
        case Step.Unchanged() -> {
          // on to the next
        }
        case Step.Done(), Step.Overtaken(), Step.Stopped(_) -> pass = null;
      }
    }
  }

  /** The owner may refuse what it could take. */
  private void decide(PartitionLog log, CompactedSegments segments) {
    if (random.nextInt(5) > 0 && log.swap(segments)) {
      swap = segments;
    } else {
      segments.discard();
      pass = null;
    }
  }

  /** The process has ended: whoever compacted has, too. */
  void forget() {
    pass = null;
    prepared = null;
    swap = null;
  }
}
