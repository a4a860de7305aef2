package dev.naru.broker.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PermitsTest {

  private final Permits permits = new Permits(2);

  @Test
  void refusesMoreThanThereAreUntilOneIsGivenBack() {
    var first = permits.take();
    var second = permits.take();

    assertThat(first).isPresent();
    assertThat(second).isPresent();
    assertThat(permits.take()).isEmpty();

    first.get().close();

    assertThat(permits.take()).isPresent();
    assertThat(permits.take()).isEmpty();
  }

  /** As by a watch that is cancelled while it fails. */
  @Test
  void givesOneBackOnlyOnce() {
    var first = permits.take().orElseThrow();
    assertThat(permits.take()).isPresent();

    first.close();
    first.close();

    assertThat(permits.take()).isPresent();
    assertThat(permits.take()).isEmpty();
  }
}
