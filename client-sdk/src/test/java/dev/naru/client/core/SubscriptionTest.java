package dev.naru.client.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SubscriptionTest {

  private static final List<String> EXISTING =
      List.of("orders.eu", "orders.us", "bills", "__consumer_offsets", "old-orders.eu");

  @Test
  void wantsTheTopicsThatAreNamedWhetherTheyExistOrNot() {
    var subscription = Subscription.to(List.of("orders.us", "none", "bills", "bills"));

    assertThat(subscription.topics(EXISTING)).containsExactly("bills", "none", "orders.us");
    assertThat(subscription.pattern()).isEmpty();
  }

  @Test
  void wantsTheTopicsWhoseWholeNameMatches() {
    var subscription = Subscription.matching(Pattern.compile("orders\\..*"));

    assertThat(subscription.topics(EXISTING)).containsExactly("orders.eu", "orders.us");
    assertThat(subscription.topics(List.of())).isEmpty();
    assertThat(subscription.pattern()).isPresent();
  }

  @Test
  void matchesNoTopicThatNodesKeepForThemselves() {
    assertThat(Subscription.matching(Pattern.compile(".*")).topics(EXISTING))
        .containsExactly("bills", "old-orders.eu", "orders.eu", "orders.us");
    assertThat(Subscription.to(List.of("__consumer_offsets")).topics(EXISTING))
        .containsExactly("__consumer_offsets");
  }
}
