package dev.naru.chaos.churn;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the churn of one phase did to partitions. */
final class ChurnFigures {

  private final String phase;
  private final List<Long> gapMillis = new ArrayList<>();
  private long moved;
  private long pausedUnmoved;
  private long again;
  private long longestWaitMillis;

  ChurnFigures(String phase) {
    this.phase = phase;
  }

  /** A partition has another owner. */
  void moved() {
    moved++;
  }

  /** For so long nobody read a partition that changes hands. */
  void gap(long nanos) {
    gapMillis.add(TimeUnit.NANOSECONDS.toMillis(nanos));
  }

  /** A partition that stays was not read for a while. */
  void paused() {
    pausedUnmoved++;
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
    return "%-10s moved=%d median_ms=%d p99_ms=%d max_ms=%d again=%d paused_unmoved=%d longest_wait_ms=%d"
        .formatted(
            phase,
            moved,
            percentileMillis(50),
            percentileMillis(99),
            longestMillis(),
            again,
            pausedUnmoved,
            longestWaitMillis);
  }
}
