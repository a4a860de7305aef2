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
  private long now;

  @Test
  void isTwiceAsFastWithEachStepUpToTheFastestAndSlowAgainAfterARest() {
    var pace = new RisingPace(() -> new Bounds(1_000, 3_000), () -> now, this::passes);

    assertThat(waitFor(pace)).isEqualTo(SECOND);
    pace.rise();
    assertThat(waitFor(pace)).isEqualTo(SECOND / 2);
    pace.rise();
    assertThat(waitFor(pace)).isBetween(SECOND / 3, SECOND / 3 + 1);
    pace.rise();
    pace.rest();
    assertThat(waitFor(pace)).isEqualTo(SECOND);
  }

  @Test
  void doesNotRiseWhereSlowestAndFastestAreTheSame() {
    var pace = new RisingPace(() -> new Bounds(1_000, 1_000), () -> now, this::passes);

    pace.rise();

    assertThat(waitFor(pace)).isEqualTo(SECOND);
  }

  @Test
  void keepsToOtherBoundsFromThenOn() {
    var bounds = new AtomicReference<>(new Bounds(1_000, 8_000));
    var pace = new RisingPace(bounds::get, () -> now, this::passes);
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

  @Test
  void letsNobodyWaitForAPaceThatIsNoLongerMeant() {
    var bounds = new AtomicReference<>(new Bounds(1, 1));
    var pace =
        new RisingPace(
            bounds::get,
            () -> now,
            nanos -> {
              bounds.set(waits.size() < 2 ? bounds.get() : new Bounds(1 << 20, 1 << 20));
              return passes(nanos);
            });

    assertThat(waitFor(pace)).isLessThan(4 * SECOND);
    assertThat(waits).allMatch(each -> each <= SECOND);
  }

  @Test
  void letsNobodyWaitWhenAllIsToEnd() {
    var pace = new RisingPace(() -> new Bounds(1, 1), () -> now, _ -> false);

    assertThat(waitFor(pace)).isZero();
  }

  private boolean passes(long nanos) {
    now += nanos;
    return waits.add(nanos);
  }

  /** How long a thousand bytes take, as whoever comes after them waits for that. */
  private long waitFor(RisingPace pace) {
    long start = now;
    pace.spent(1_000);
    pace.spent(0);
    return now - start;
  }
}
