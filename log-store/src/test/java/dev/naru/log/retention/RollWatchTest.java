package dev.naru.log.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.LogFixture;
import dev.naru.types.PartitionId;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RollWatchTest {

  private static final PartitionId LOG = LogFixture.partition(0);
  private static final long SEGMENT_MILLIS = 5_000;

  private final RollWatch watch = new RollWatch();
  private long nowMillis = 7_000;

  @Test
  @Tag("S35")
  void isDueSoLongAfterTheFirstAppendAlsoWhenNothingMoreIsWritten() {
    assertThat(look(0, true)).isFalse();
    pass(60_000);
    assertThat(look(0, false)).isFalse(); // the first append
    pass(4_999);
    assertThat(look(0, false)).isFalse();
    pass(1);
    assertThat(look(0, false)).isTrue();
    assertThat(look(9, true)).isFalse(); // the next one
    pass(60_000);
    assertThat(look(9, true)).isFalse();
  }

  @Test
  void countsAnewInTheNextSegment() {
    look(0, false);
    pass(4_000);
    assertThat(look(9, false)).isFalse();
    pass(4_000);
    assertThat(look(9, false)).isFalse();
    pass(1_000);
    assertThat(look(9, false)).isTrue();
  }

  @Test
  void goesByTheFirstBatchInALogOfAnEarlierProcess() {
    assertThat(look(0, false, 5_000)).isTrue();
    assertThat(new RollWatch().isDue(LOG, 0, false, SEGMENT_MILLIS, 0, () -> Long.MAX_VALUE))
        .isTrue();
    assertThat(new RollWatch().isDue(LOG, 0, false, SEGMENT_MILLIS, 0, () -> -1)).isFalse();
  }

  @Test
  void forgetsLogsThatAreGone() {
    look(0, false);
    pass(5_000);
    watch.beginLook();
    assertThat(look(0, false)).isFalse();
  }

  private void pass(long millis) {
    nowMillis += millis;
  }

  private boolean look(long base, boolean isEmpty) {
    return look(base, isEmpty, 0);
  }

  private boolean look(long base, boolean isEmpty, long ageMillis) {
    watch.beginLook();
    return watch.isDue(LOG, base, isEmpty, SEGMENT_MILLIS, nowMillis * 1_000_000, () -> ageMillis);
  }
}
