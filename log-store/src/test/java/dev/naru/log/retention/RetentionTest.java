package dev.naru.log.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.retention.Retention.NewStart;
import dev.naru.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RetentionTest {

  private static final long NOW = 1_000_000;

  private final TreeMap<Long, Long> written = new TreeMap<>();

  @Test
  @Tag("S37")
  void dropsTheOldestSegmentsWhoseNewestRecordIsTooOld() {
    var closed =
        List.of(segment(0, 10, 500, NOW - 301), segment(10, 20, 500, NOW - 300), OLD_BEHIND_YOUNG);

    assertThat(age(300).of(closed, empty(30)))
        .contains(new NewStart(10, DropReason.AGE)); // the third waits for the second
  }

  private static final KeptSegment OLD_BEHIND_YOUNG = segment(20, 30, 500, NOW - 900);

  @Test
  @Tag("S37")
  void keepsTheLimitAndAtMostOneSegmentMore() {
    Seeds.forEach(
        500,
        (seed, random) -> {
          long limit = random.nextLong(1, 5_000);
          var closed = new ArrayList<KeptSegment>();
          for (int i = random.nextInt(10); i >= 0; i--) {
            closed.add(segment(closed.size(), closed.size() + 1, random.nextInt(1, 1_000), NOW));
          }
          var active = segment(closed.size(), closed.size() + 1, random.nextInt(1_000), NOW);

          long start = size(limit).of(closed, active).map(NewStart::offset).orElse(0L);

          long kept = active.bytes();
          long oldest = 0;
          for (KeptSegment each : closed) {
            if (each.base() >= start) {
              kept += each.bytes();
              oldest = oldest == 0 ? each.bytes() : oldest;
            }
          }
          assertThat(kept).isLessThan(limit + Math.max(oldest, active.bytes()) + 1);
          long all = active.bytes() + closed.stream().mapToLong(KeptSegment::bytes).sum();
          assertThat(kept).isGreaterThanOrEqualTo(Math.min(all, limit));
        });
  }

  @Test
  @Tag("S37")
  void takesARecordFromTheFutureForAsOldAsItsFile() {
    written.put(0L, NOW - 301);
    written.put(10L, NOW - 299);
    var closed = List.of(segment(0, 10, 1, NOW + 86_400_000), segment(10, 20, 1, NOW + 5));

    assertThat(age(300).of(closed, empty(20))).contains(new NewStart(10, DropReason.AGE));
  }

  @Test
  void takesARecordWithoutATimeForAsOldAsItsFile() {
    written.put(0L, NOW - 301);
    written.put(10L, NOW - 1);
    var closed = List.of(segment(0, 10, 1, -1), segment(10, 20, 1, -1));

    assertThat(age(300).of(closed, empty(20))).contains(new NewStart(10, DropReason.AGE));
  }

  @Test
  void keepsWhatHasNoTimeAnywhere() {
    assertThat(age(300).of(List.of(segment(0, 10, 1, -1)), empty(10))).isEmpty();
  }

  @Test
  void dropsNothingThatIsNotCommitted() {
    var closed = List.of(segment(0, 10, 500, 0), segment(10, 20, 500, 0));
    var limits = new RetentionLimits(OptionalLong.of(1), OptionalLong.of(1));

    assertThat(look(limits, 19).of(closed, segment(20, 30, 1, 0)))
        .contains(new NewStart(10, DropReason.AGE));
  }

  @Test
  @Tag("S36")
  void endsTheActiveSegmentBeforeItGoesAndOnlyIfAllOfItIsTooOld() {
    var closed = List.of(segment(0, 10, 500, NOW - 10));

    assertThat(age(1).of(closed, segment(10, 20, 500, NOW - 10)))
        .contains(new NewStart(20, DropReason.AGE));
    assertThat(age(1).of(closed, segment(10, 20, 500, NOW)))
        .contains(new NewStart(10, DropReason.AGE));
    assertThat(age(1).of(closed, empty(10))).contains(new NewStart(10, DropReason.AGE));
  }

  @Test
  @Tag("S36")
  void neverDropsTheActiveSegmentForItsSize() {
    assertThat(size(1).of(List.of(), segment(0, 10, 500, 0))).isEmpty();
  }

  @Test
  @Tag("S47")
  void keepsEverythingWithoutLimits() {
    var closed = List.of(segment(0, 10, Integer.MAX_VALUE, 0));

    assertThat(look(RetentionLimits.of(-1, -1), 10).of(closed, segment(10, 20, 1, 0))).isEmpty();
  }

  @Test
  void isTheSameWhenItIsDoneTwice() {
    var closed = List.of(segment(0, 10, 500, NOW - 301), segment(10, 20, 500, NOW));
    Optional<NewStart> first = age(300).of(closed, empty(20));

    assertThat(first).isPresent();
    assertThat(age(300).of(closed.subList(1, 2), empty(20))).isEmpty();
  }

  private Retention age(long millis) {
    return look(RetentionLimits.of(millis, -1), Long.MAX_VALUE);
  }

  private Retention size(long bytes) {
    return look(RetentionLimits.of(-1, bytes), Long.MAX_VALUE);
  }

  private Retention look(RetentionLimits limits, long committedEnd) {
    return new Retention(
        limits,
        committedEnd,
        NOW,
        base ->
            written.containsKey(base) ? OptionalLong.of(written.get(base)) : OptionalLong.empty());
  }

  private static KeptSegment segment(long base, long end, long bytes, long newestMillis) {
    return new KeptSegment(base, end, bytes, newestMillis);
  }

  private static KeptSegment empty(long base) {
    return segment(base, base, 0, Long.MIN_VALUE);
  }
}
