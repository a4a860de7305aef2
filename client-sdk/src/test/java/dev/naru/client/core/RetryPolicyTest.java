package dev.naru.client.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.testing.Seeds;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

  @Test
  void doublesUpToTheMostAndSpreadsOverTheUpperHalf() {
    var policy = new RetryPolicy(20, 100);
    var dice = Seeds.random(1);

    for (int i = 0; i < 1000; i++) {
      assertThat(policy.waitNanos(1, dice)).isBetween(10L, 20L);
      assertThat(policy.waitNanos(2, dice)).isBetween(20L, 40L);
      assertThat(policy.waitNanos(4, dice)).isBetween(50L, 100L);
      assertThat(policy.waitNanos(Integer.MAX_VALUE, dice)).isBetween(50L, 100L);
    }
  }

  @Test
  void doesNotOverflow() {
    var policy = new RetryPolicy(Long.MAX_VALUE / 2, Long.MAX_VALUE);

    assertThat(policy.waitNanos(30, Seeds.random(1))).isPositive();
  }
}
