package dev.naru.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventuallyTest {

  @Test
  void allowsTheSumOfItsCauses() {
    var one = Eventually.allowing("an election", Duration.ofSeconds(2));

    assertThat(one.and("a fetch", Duration.ofSeconds(3)).limit())
        .isEqualTo(one.limit().plusSeconds(3));
  }

  @Test
  void endsAsSoonAsTheConditionHolds() {
    var asked = new AtomicInteger();

    Eventually.allowing("three questions", Duration.ofSeconds(1))
        .until("it was asked three times", () -> asked.incrementAndGet() == 3);

    assertThat(asked).hasValue(3);
  }

  @Test
  void namesTheClaimAndTheCausesWhenTimeIsUp() {
    var brief = new Eventually(List.of(new Eventually.Cause("a blink", Duration.ofMillis(30))));

    assertThatThrownBy(() -> brief.untilAsserted("one is two", () -> assertThat(1).isEqualTo(2)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Expected that one is two, but not within PT0.03S (a blink PT0.03S)");
  }
}
