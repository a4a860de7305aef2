package dev.naru.broker.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StartWaitsTest {

  private long nowNanos;

  private final StartWaits waits = new StartWaits(() -> nowNanos);

  @Test
  void saysAfterAWhileWhatItWaitsForAndThenMoreAndMoreSeldom() {
    waits.tellAlso(() -> "no controller is known");
    waits.begin("entry 7 of the metadata log");
    assertThat(waits.due()).isEmpty();

    seconds(10);
    assertThat(waits.due())
        .hasValue(
            "The start has waited 10 s for entry 7 of the metadata log; no controller is known");
    seconds(19);
    assertThat(waits.due()).isEmpty();
    seconds(20);
    assertThat(waits.due()).isPresent();
    seconds(3_600);
    assertThat(waits.due()).isPresent();
    seconds(3_899);
    assertThat(waits.due()).isEmpty();
    seconds(3_900);
    assertThat(waits.due()).isPresent();

    waits.end();
    assertThat(waits.due()).isEmpty();
    assertThat(waits.words()).isEmpty();
  }

  @Test
  void tellsProbesAtOnce() {
    waits.begin("the controller to unfence it");
    seconds(2);

    assertThat(waits.words()).isEqualTo("has waited 2 s for the controller to unfence it");
  }

  @Test
  void saysWhyItIsNotOverYet() {
    waits.because(new Refused(ErrorCode.NODE_ID_IN_USE, "nobody waits, so nobody is told"));
    waits.begin("the controller to accept its registration");
    assertThat(waits.words()).doesNotContain("nobody");

    var why = new Refused(ErrorCode.NODE_ID_IN_USE, "Expected node 1 to be gone");
    waits.because(why);

    assertThat(waits.words())
        .isEqualTo("has waited 0 s for the controller to accept its registration; " + why);
  }

  @Test
  void waitsForAFutureAndForgetsItHoweverItEnds() throws Exception {
    assertThat(waits.await("one", CompletableFuture.completedFuture(1))).isEqualTo(1);
    var fault = new IllegalStateException("gone");
    assertThatThrownBy(() -> waits.await("two", CompletableFuture.failedFuture(fault)))
        .isInstanceOf(CompletionException.class)
        .hasCause(fault);

    assertThat(waits.words()).isEmpty();
  }

  private void seconds(long sinceTheBeginning) {
    nowNanos = TimeUnit.SECONDS.toNanos(sinceTheBeginning);
  }
}
