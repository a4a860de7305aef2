package dev.naru.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.broker.flow.ByteBudget;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import java.util.ArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProduceLimitsTest {

  private static final Refused WHY = new Refused(ErrorCode.NOT_LEADER, "Expected x, but y");

  @Test
  void letsOneRequestPastTheLimitAndNoMore() {
    var budget = new ByteBudget(100);

    budget.take(99);
    assertThat(budget.hasRoom()).isTrue();
    budget.take(50);
    assertThat(budget.hasRoom()).isFalse();
    budget.giveBack(99);
    assertThat(budget.hasRoom()).isTrue();
    assertThatThrownBy(() -> budget.giveBack(51)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void callsThoseWhoWaitForTheNodeInTheirOrderWhenThereIsRoom() {
    var node = new NodeBytes(100);
    var called = new ArrayList<String>();
    node.take(150);

    node.await(() -> called.add("first"));
    node.await(() -> {
      called.add("second");
      node.take(100);
    });
    node.await(() -> called.add("third"));
    node.giveBack(40);
    assertThat(called).isEmpty();

    node.giveBack(60);
    assertThat(called).containsExactly("first", "second");
    node.giveBack(100);
    assertThat(called).containsExactly("first", "second", "third");
  }

  @Test
  void refusesTheRestOfARefusedAttemptUntilTheNext() {
    var attempts = new RefusedAttempts();
    var partition = partition(0);

    assertThat(attempts.of(partition, 5)).isEmpty();
    assertThat(attempts.add(partition, 5, WHY)).isTrue();
    assertThat(attempts.of(partition, 4)).contains(WHY);
    assertThat(attempts.of(partition, 5)).contains(WHY);
    assertThat(attempts.of(partition(1), 5)).isEmpty();
    assertThat(attempts.of(partition, 6)).isEmpty();
    assertThat(attempts.of(partition, 6)).isEmpty();
  }

  @Test
  void remembersABoundedNumberOfPartitions() {
    var attempts = new RefusedAttempts();
    IntStream.range(0, RefusedAttempts.PARTITIONS_MAX)
        .forEach(i -> assertThat(attempts.add(partition(i), 1, WHY)).isTrue());

    assertThat(attempts.add(partition(RefusedAttempts.PARTITIONS_MAX), 1, WHY)).isFalse();
    assertThat(attempts.add(partition(0), 2, WHY)).isTrue();
  }

  private static PartitionId partition(int number) {
    return new PartitionId(TopicId.of(1, 1), number);
  }
}
