package dev.naru.log;

import dev.naru.log.LogCompaction.Step;
import dev.naru.types.CleanupPolicy;
import dev.naru.types.CompactionLimits;
import java.util.function.Predicate;

/** Passes of compaction, on the thread of the test. */
public final class CompactionFixture {

  /** Memory for some hundred keys. */
  public static final long ROOMY = 24 * 1024;

  private static final byte[] SALT = {1, 2, 3};

  private CompactionFixture() {}

  /** A topic that is compacted at the slightest cause and forgets deletions after so long. */
  public static LogConfig compacted(LogConfig config, long tombstoneMillis) {
    return config.withCleanup(
        CleanupPolicy.COMPACT, new CompactionLimits(0, 0, Long.MAX_VALUE, tombstoneMillis));
  }

  /** What a pass is given. */
  public static CompactionRun run(long nowMillis, long memoryBytes) {
    return new CompactionRun(nowMillis, Long.MAX_VALUE, memoryBytes, SALT, bytes -> {});
  }

  /** Has the owner take the first segment that a pass prepares, and leaves the rest undone. */
  public static void swapWithoutFinishing(PartitionLog log) {
    boolean isSwapped = false;
    var pass = log.cleaning().pass(run(0, ROOMY));
    if (pass.begin()) {
      var step = pass.next();
      while (step instanceof Step.Unchanged) {
        step = pass.next();
      }
      isSwapped = step instanceof Step.Prepared(var segments) && log.swap(segments);
    }
    if (!isSwapped) {
      throw new AssertionError("Expected a segment in the place of others, but there is none");
    }
  }

  /** Runs a whole pass over what is committed and on record; false if the log was changed. */
  public static boolean compact(PartitionLog log, long nowMillis, long memoryBytes) {
    return compact(log, nowMillis, memoryBytes, log::swap);
  }

  /** The same, but it ends with the first segment that the owner does not put in place. */
  public static boolean compact(
      PartitionLog log, long nowMillis, long memoryBytes, Predicate<CompactedSegments> owner) {
    var pass = log.cleaning().pass(run(nowMillis, memoryBytes));
    if (!pass.begin()) {
      return false;
    }
    while (true) {
      switch (pass.next()) {
        case Step.Prepared(var segments) -> {
          if (!owner.test(segments)) {
            segments.discard();
            return false;
          }
          segments.finish();
        }
        case Step.Unchanged() -> {
          // on to the next
        }
        case Step.Done() -> {
          return true;
        }
        case Step.Overtaken() -> {
          return false;
        }
        case Step.Stopped(var why) -> throw new AssertionError(why.toString());
      }
    }
  }
}
