package dev.naru.client.consumer;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.NaruException;
import dev.naru.client.core.Subscription;
import dev.naru.client.transport.ClientLoop;
import dev.naru.testing.Eventually;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PatternWatchTest {

  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final Inbox inbox = new Inbox();
  private final List<SortedSet<String>> matches = new ArrayList<>();
  private CompletableFuture<SortedSet<String>> names = new CompletableFuture<>();
  private int asked;
  private final PatternWatch watch =
      new PatternWatch(
          () -> {
            asked++;
            return names;
          },
          new ClientLoop(thread, System::nanoTime),
          inbox,
          Duration.ofSeconds(1),
          Duration.ofMillis(100));

  @AfterEach
  void close() {
    thread.shutdownNow();
  }

  private void runAt(long millis) {
    watch.run(MILLISECONDS.toNanos(millis), matches::add);
  }

  private void answer(String... topics) {
    names.complete(new TreeSet<>(List.of(topics)));
    awaitAnswer(matches.size() + 1);
  }

  private void awaitAnswer(int count) {
    Eventually.allowing("the loop's turn", Duration.ofSeconds(1))
        .until(
            "the answer is taken",
            () -> {
              inbox.take();
              return matches.size() == count;
            });
    names = new CompletableFuture<>();
  }

  @Test
  void looksNowAndThenNotBeforeTheShortestIntervalHasPassed() {
    watch.watch(Subscription.matching(Pattern.compile("or.*")), 0);

    runAt(0);
    runAt(500); // the question is on its way
    answer("orders", "parcels");
    runAt(29_900);
    assertThat(asked).isEqualTo(1);
    runAt(30_000);
    answer("orders", "ores");

    assertThat(asked).isEqualTo(2);
    assertThat(matches)
        .containsExactly(
            new TreeSet<>(List.of("orders")), new TreeSet<>(List.of("orders", "ores")));
  }

  @Test
  void asksAgainSoonWhenNobodyKnows() {
    watch.watch(Subscription.matching(Pattern.compile(".*")), 0);
    runAt(0);

    names.completeExceptionally(new NaruException(ErrorCode.BOOTSTRAP_UNREACHABLE, "nobody"));
    names = new CompletableFuture<>();
    Eventually.allowing("the loop's turn", Duration.ofSeconds(1))
        .until(
            "it asks again",
            () -> {
              inbox.take();
              runAt(50);
              assertThat(asked).isEqualTo(1);
              runAt(100);
              return asked == 2;
            });
  }

  @Test
  void tellsNothingOfAPatternThatWasReplaced() {
    watch.watch(Subscription.matching(Pattern.compile("a.*")), 0);
    runAt(0);
    watch.watch(Subscription.matching(Pattern.compile("b.*")), 0);
    names.complete(new TreeSet<>(List.of("a", "b")));

    Eventually.allowing("the loop's turn", Duration.ofSeconds(1))
        .until(
            "it has asked for the second",
            () -> {
              inbox.take();
              runAt(0);
              return asked == 2;
            });
    awaitAnswer(1);

    assertThat(matches).containsExactly(new TreeSet<>(List.of("b")));
  }

  @Test
  void asksNobodyForTopicsThatAreNamed() {
    watch.watch(Subscription.to(List.of("orders")), 0);

    runAt(0);

    assertThat(asked).isZero();
  }
}
