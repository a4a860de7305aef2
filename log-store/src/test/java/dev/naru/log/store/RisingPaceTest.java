package dev.naru.log.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.store.RisingPace.Bounds;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RisingPaceTest {

  private static final long SECOND = 1_000_000_000L;

  private final List<Long> waits = new ArrayList<>();

  @Test
  void isTwiceAsFastWithEachStepUpToTheFastestAndSlowAgainAfterARest() {
    var pace = new RisingPace(() -> new Bounds(1_000, 3_000), () -> 0, waits::add);

    assertThat(waitFor(pace)).isEqualTo(SECOND);
    pace.rise();
    assertThat(waitFor(pace)).isEqualTo(SECOND / 2);
    pace.rise();
    assertThat(waitFor(pace)).isEqualTo(SECOND / 3);
    pace.rise();
    pace.rest();
    assertThat(waitFor(pace)).isEqualTo(SECOND);
  }

  @Test
  void doesNotRiseWhereSlowestAndFastestAreTheSame() {
    var pace = new RisingPace(() -> new Bounds(1_000, 1_000), () -> 0, waits::add);

    pace.rise();

    assertThat(waitFor(pace)).isEqualTo(SECOND);
  }

  @Test
  void keepsToOtherBoundsFromThenOn() {
    var bounds = new AtomicReference<>(new Bounds(1_000, 8_000));
    var pace = new RisingPace(bounds::get, () -> 0, waits::add);
    pace.rise();
    pace.rise();

    bounds.set(new Bounds(500, 500));
    assertThat(waitFor(pace)).isEqualTo(2 * SECOND);
    bounds.set(new Bounds(2_000, 8_000));
    assertThat(waitFor(pace)).isEqualTo(SECOND / 2);
    pace.rise();
    pace.rest();
    assertThat(waitFor(pace)).isEqualTo(SECOND / 2);
  }

  /** How long a thousand bytes take, as whoever comes after them waits for that. */
  private long waitFor(RisingPace pace) {
    pace.spent(1_000);
    pace.spent(0);
    return waits.removeLast();
  }
}
