package dev.naru.broker.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StartWaitsTest {

  private long nowNanos;

  private final StartWaits waits = new StartWaits(() -> nowNanos);

  @Test
  void saysAfterAWhileWhatItWaitsForAndThenMoreAndMoreSeldom() {
    waits.sees(() -> "no controller is known");
    waits.begin("entry 7 of the metadata log");
    assertThat(waits.look()).isEmpty();

    seconds(10);
    assertThat(waits.look())
        .hasValue(
            "The start has waited 10 s for entry 7 of the metadata log; no controller is known");
    seconds(19);
    assertThat(waits.look()).isEmpty();
    seconds(20);
    assertThat(waits.look()).isPresent();
    seconds(3_600);
    assertThat(waits.look()).isPresent();
    seconds(3_899);
    assertThat(waits.look()).isEmpty();
    seconds(3_900);
    assertThat(waits.look()).isPresent();

    waits.end();
    assertThat(waits.look()).isEmpty();
    assertThat(waits.words()).isEmpty();
  }

  @Test
  void tellsProbesAtOnce() {
    waits.begin("the controller to unfence it");
    seconds(2);

    assertThat(waits.words()).isEqualTo("has waited 2 s for the controller to unfence it");
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
