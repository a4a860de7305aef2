package dev.naru.chaos.churn;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What the churn of one phase did to partitions. */
final class ChurnFigures {

  private static final int PAUSES_MAX = 20;

  private final String phase;
  private final long fromNanos;
  private final List<Long> gapMillis = new ArrayList<>();
  private final List<String> pauses = new ArrayList<>(); // the first of them, for whoever looks why
  private long moved;
  private long pausedUnmoved;
  private long again;
  private long longestWaitMillis;

  ChurnFigures(ChurnJudge.Phase phase) {
    this.phase = phase.name();
    this.fromNanos = phase.fromNanos();
  }

  /** A partition has another owner. */
  void moved() {
    moved++;
  }

  /** For so long nobody read a partition that changes hands. */
  void gap(long nanos) {
    gapMillis.add(TimeUnit.NANOSECONDS.toMillis(nanos));
  }

  /** A partition that stays was not read for a while, from this time on. */
  void paused(long sinceNanos, String how) {
    pausedUnmoved++;
    if (pauses.size() < PAUSES_MAX) {
      pauses.add(
          "at %,d ms ".formatted(TimeUnit.NANOSECONDS.toMillis(sinceNanos - fromNanos)) + how);
    }
  }

  /** So many records were given that had been given before. */
  void again(long records) {
    again += records;
  }

  /** For so long an acknowledged record of a partition that stays has waited. */
  void waited(long nanos) {
    longestWaitMillis = Math.max(longestWaitMillis, TimeUnit.NANOSECONDS.toMillis(nanos));
  }

  long movedCount() {
    return moved;
  }

  long pausedCount() {
    return pausedUnmoved;
  }

  long againCount() {
    return again;
  }

  /** Nearest rank; 0 of none. */
  long percentileMillis(int percent) {
    var sorted = gapMillis.stream().sorted().toList();
    int rank = (int) Math.ceil(percent / 100.0 * sorted.size());
    return sorted.isEmpty() ? 0 : sorted.get(Math.max(rank, 1) - 1);
  }

  long longestMillis() {
    return percentileMillis(100);
  }

  @Override
  public String toString() {
    var line =
        "%-10s moved=%d median_ms=%d p99_ms=%d max_ms=%d again=%d paused_unmoved=%d longest_wait_ms=%d"
            .formatted(
                phase,
                moved,
                percentileMillis(50),
                percentileMillis(99),
                longestMillis(),
                again,
                pausedUnmoved,
                longestWaitMillis);
    return String.join("\n  ", Stream.concat(Stream.of(line), pauses.stream()).toList());
  }
}
