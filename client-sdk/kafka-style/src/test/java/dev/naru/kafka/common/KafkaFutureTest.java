package dev.naru.kafka.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class KafkaFutureTest {

  private final CompletableFuture<String> answer = new CompletableFuture<>();
  private final KafkaFuture<Integer> length = new KafkaFuture<>(answer.thenApply(String::length));

  @Test
  void handsOverTheFailureItselfHoweverManyStepsAreBetween() {
    var heard = new ArrayList<Object>();
    var _ = length.whenComplete((value, why) -> heard.add(String.valueOf(why)));
    var _ =
        length
            .thenApply(value -> value + 1)
            .whenComplete((value, why) -> heard.add(String.valueOf(why)))
            .whenComplete((value, why) -> heard.add(String.valueOf(why)));
    var _ = KafkaFuture.allOf(length).whenComplete((value, why) -> heard.add(String.valueOf(why)));
    var stage = length.toCompletionStage();
    var staged = stage.whenComplete((value, why) -> heard.add(String.valueOf(why)));
    var failure = new KafkaException("gone");

    answer.completeExceptionally(failure);

    assertThat(heard).hasSize(5).containsOnly(failure.toString());
    assertThat(length.isCompletedExceptionally()).isTrue();
    assertThat(staged.toCompletableFuture()).isCompletedExceptionally();
    assertThatThrownBy(length::get).isInstanceOf(ExecutionException.class).hasCause(failure);
  }

  @Test
  void handsOverTheAnswer() throws Exception {
    var heard = new ArrayList<Object>();
    var _ = length.whenComplete((value, why) -> heard.add(value + " " + why));
    assertThat(length.getNow(7)).isEqualTo(7);

    answer.complete("abc");

    assertThat(heard).containsExactly("3 null");
    assertThat(length.get()).isEqualTo(3);
    assertThat(length.toCompletionStage().toCompletableFuture().get()).isEqualTo(3);
  }

  @Test
  void doesNotSpoilTheAnswerOfOthersWhenItIsCancelled() {
    var other = length.thenApply(value -> value + 1);

    assertThat(other.cancel(true)).isTrue();

    assertThat(other.isCancelled()).isTrue();
    assertThat(length.isDone()).isFalse();
  }
}
