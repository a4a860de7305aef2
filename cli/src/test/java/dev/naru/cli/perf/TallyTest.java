package dev.naru.cli.perf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TallyTest {

  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final Tally tally = new Tally();

  @Test
  void countsEveryRecordOfEveryShareOnce() {
    var some = tally.share();
    var others = tally.share();
    for (int i = 0; i < 5000; i++) {
      some.took(i, i + MILLI);
      others.took(i, i + 3 * MILLI);
    }

    long seen = tally.sinceLastTime().count();
    some.enterAll();
    others.enterAll();
    long rest = tally.sinceLastTime().count();

    assertThat(seen).isPositive();
    assertThat(seen + rest).isEqualTo(10_000);
    assertThat(tally.all().count()).isEqualTo(10_000);
    assertThat(tally.all().text()).contains("p50 1.00 ms").contains("max 3.00 ms");
  }

  @Test
  void showsARecordSoonWhenThereAreFew() {
    var share = tally.share();

    share.took(0, 1000 * MILLI);
    assertThat(tally.sinceLastTime().count()).isEqualTo(1);

    share.took(1000 * MILLI, 1100 * MILLI);
    assertThat(tally.sinceLastTime().count()).isEqualTo(1);
  }
}
