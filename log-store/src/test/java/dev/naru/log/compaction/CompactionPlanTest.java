package dev.naru.log.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.compaction.CompactionPlan.Reason;
import dev.naru.log.compaction.CompactionPlan.Subject;
import dev.naru.log.segment.SegmentState;
import dev.naru.types.CompactionLimits;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CompactionPlanTest {

  private static final long NOW = 1_000_000;
  private static final CompactionLimits HALF = CompactionLimits.DEFAULTS;

  /** Four segments of ten offsets and a hundred bytes, written a thousand milliseconds apart. */
  private static final List<SegmentState> CLOSED =
      List.of(segment(0, 100), segment(10, 1_100), segment(20, 2_100), segment(30, 3_100));

  private static SegmentState segment(long base, long maxTimestamp) {
    return new SegmentState(base, base + 10, 100, maxTimestamp, 7);
  }

  @Test
  @Tag("S42")
  void isDueWhenEnoughOfItWasNeverCompacted() {
    var quarter = plan(subject(40, 30), HALF, NOW);
    var half = plan(subject(40, 20), HALF, NOW);

    assertThat(quarter.dirtyRatio()).isEqualTo(0.25);
    assertThat(quarter.isDue()).isFalse();
    assertThat(half.dirtyRatio()).isEqualTo(0.5);
    assertThat(half.why()).contains(Reason.DIRTY);
  }

  @Test
  void goesNoFurtherThanWhatIsCommittedAndOnRecord() {
    assertThat(plan(subject(29, 0), HALF, NOW).cleanableEnd()).isEqualTo(20);
    assertThat(plan(subject(30, 0), HALF, NOW).cleanableEnd()).isEqualTo(30);
    assertThat(plan(subject(0, 0), HALF, NOW).isDue()).isFalse();
  }

  @Test
  void leavesTheSegmentAloneInWhichTheLogStartsIfItIsNotOnRecordAsClosed() {
    var raised = new Subject(15, CLOSED, 10, CleanState.NEVER, OptionalLong.empty());

    var plan = plan(raised, HALF, NOW);

    assertThat(plan.cleanableEnd()).isEqualTo(10);
    assertThat(plan.isDue()).isFalse();
  }

  @Test
  void leavesYoungRecordsAndAllAfterThemAlone() {
    var limits = new CompactionLimits(0.5, 1_000, Long.MAX_VALUE, 1);

    assertThat(plan(subject(40, 0), limits, 3_000).cleanableEnd()).isEqualTo(20);
    assertThat(plan(subject(40, 0), limits, NOW).cleanableEnd()).isEqualTo(40);
  }

  @Test
  void isDueWhenSomethingHasWaitedForTooLong() {
    var limits = new CompactionLimits(0.9, 0, 5_000, 1);
    var waiting =
        new Subject(
            0, CLOSED, 40, new CleanState(30, 0, OptionalLong.empty()), OptionalLong.of(3_050));

    assertThat(plan(waiting, limits, 8_049).isDue()).isFalse();
    assertThat(plan(waiting, limits, 8_050).why()).contains(Reason.LATE);
    var dirtyToo = new CompactionLimits(0.1, 0, 5_000, 1);
    assertThat(plan(waiting, dirtyToo, 8_050).why()).contains(Reason.LATE);
  }

  @Test
  void isDueWhenDeletionsMayBeForgottenAlsoIfNothingIsDirty() {
    var quiet =
        new Subject(
            0, CLOSED, 40, new CleanState(40, 0, OptionalLong.of(9_000)), OptionalLong.empty());

    assertThat(plan(quiet, HALF, 8_999).isDue()).isFalse();
    assertThat(plan(quiet, HALF, 9_000).why()).contains(Reason.DELETIONS);
  }

  @Test
  void aLogWhoseStartHasPassedTheCleanPartIsDirtyFromThere() {
    var raised = new Subject(25, CLOSED, 40, CleanState.NEVER, OptionalLong.empty());

    var plan = plan(raised, HALF, NOW);

    assertThat(plan.cleanEnd()).isEqualTo(25);
    assertThat(plan.dirtyBytes()).isEqualTo(200);
  }

  private static Subject subject(long below, long cleanEnd) {
    return new Subject(
        0, CLOSED, below, new CleanState(cleanEnd, 0, OptionalLong.empty()), OptionalLong.empty());
  }

  private static CompactionPlan plan(Subject subject, CompactionLimits limits, long now) {
    return CompactionPlan.of(subject, limits, now);
  }
}
