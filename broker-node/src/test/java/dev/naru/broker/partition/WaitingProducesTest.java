package dev.naru.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.partition.WaitingProduces.Waiting;
import dev.naru.broker.replica.ProduceKey;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class WaitingProducesTest {

  private final WaitingProduces waiting = new WaitingProduces();

  @Test
  void completesADuplicateInItsPlaceAmongWhatWaits() {
    waiting.add(ending(1, 10));
    waiting.add(ending(2, 20));
    waiting.add(ending(3, 30));
    waiting.addKnown(ending(4, 20));
    waiting.addKnown(ending(5, 5));

    assertThat(completed(20)).containsExactly(5L, 1L, 2L, 4L);
    assertThat(completed(30)).containsExactly(3L);
    assertThat(waiting.isEmpty()).isTrue();
  }

  @Test
  void keepsADuplicateWaitingAlsoWhenNothingElseWaits() {
    waiting.addKnown(ending(1, 20));

    assertThat(completed(19)).isEmpty();
    assertThat(waiting.isEmpty()).isFalse();
    assertThat(completed(20)).containsExactly(1L);
  }

  @Test
  void expiresEachAtItsOwnDeadline() {
    waiting.add(until(1, 100));
    waiting.addKnown(until(2, 50));
    waiting.addKnown(until(3, 100));

    assertThat(expired(49)).isEmpty();
    assertThat(expired(50)).containsExactly(2L);
    assertThat(expired(99)).isEmpty();
    assertThat(expired(100)).containsExactly(1L, 3L);
    assertThat(waiting.isEmpty()).isTrue();
  }

  @Test
  void isFullWithDuplicatesToo() {
    for (int i = 0; i < 5_000; i++) {
      waiting.add(ending(i, i + 1));
      assertThat(waiting.isFull()).isFalse();
      waiting.addKnown(ending(i, i + 1));
    }

    assertThat(waiting.isFull()).isTrue();
    assertThat(waiting.removeAll()).hasSize(10_000);
    assertThat(waiting.isEmpty()).isTrue();
  }

  private List<Long> completed(long highWatermark) {
    var requests = new ArrayList<Long>();
    waiting.complete(highWatermark, done -> requests.add(done.key().request()));
    return requests;
  }

  private List<Long> expired(long nowNanos) {
    return waiting.expire(nowNanos).stream().map(late -> late.key().request()).toList();
  }

  private static Waiting ending(long request, long end) {
    return new Waiting(key(request), end - 1, end, OptionalLong.empty(), Long.MAX_VALUE);
  }

  private static Waiting until(long request, long deadlineNanos) {
    return new Waiting(key(request), 0, 1, OptionalLong.empty(), deadlineNanos);
  }

  private static ProduceKey key(long request) {
    return new ProduceKey(1, 1, request);
  }
}
