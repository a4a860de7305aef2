package dev.naru.metadata.log;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ImageDelta;
import dev.naru.testing.Eventually;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ImagePublisherTest {

  private static final Eventually SOON = Eventually.allowing("a turn of a thread", ofSeconds(1));

  private static final ClusterImage EMPTY = ClusterImage.empty("cluster");

  private final AtomicReference<Applied> newest = new AtomicReference<>(new Applied(0, EMPTY));
  private final List<String> faults = new CopyOnWriteArrayList<>();
  private final ImagePublisher publisher =
      ImagePublisher.start(
          newest::get,
          Thread.ofPlatform().daemon().factory(),
          (reason, cause) -> faults.add(reason));

  @AfterEach
  void close() {
    publisher.close();
  }

  @Test
  void showsEachSubscriberEveryChangeInOrderFromTheEmptyImageOn() {
    var early = new CopyOnWriteArrayList<ImageDelta>();
    var late = new CopyOnWriteArrayList<ImageDelta>();
    publisher.subscribe((delta, _) -> early.add(delta));
    apply(1, version(1));
    SOON.until("the first change is shown", () -> early.size() == 1);
    publisher.subscribe((delta, _) -> late.add(delta));
    SOON.until("the late one sees it, too", () -> late.size() == 1);
    apply(2, version(2));

    SOON.until("the second change is shown", () -> early.size() == 2 && late.size() == 2);
    for (var deltas : List.of(early, late)) {
      assertThat(deltas.getFirst().before()).isEqualTo(EMPTY);
      assertThat(deltas.getFirst().after()).isEqualTo(version(1));
      assertThat(deltas.getLast().before()).isEqualTo(version(1));
      assertThat(deltas.getLast().after()).isEqualTo(version(2));
    }
  }

  @Test
  void looksForADifferenceOnceForAll() {
    var shown = new CopyOnWriteArrayList<ImageDelta>();
    publisher.subscribe((delta, _) -> shown.add(delta));
    publisher.subscribe((delta, _) -> shown.add(delta));
    apply(1, version(1));
    SOON.until("both have seen it", () -> shown.size() >= 2 && isLast(shown, 1));
    shown.clear();

    apply(2, version(2));

    SOON.until("both have seen the next", () -> shown.size() == 2);
    assertThat(shown.getFirst()).isSameAs(shown.getLast());
  }

  private static boolean isLast(List<ImageDelta> shown, int version) {
    return shown.stream().filter(delta -> delta.after().equals(version(version))).count() == 2;
  }

  @Test
  void mergesTheChangesThatASlowSubscriberMissed() {
    var shown = new CopyOnWriteArrayList<Long>();
    var busy = new CountDownLatch(1);
    publisher.subscribe((_, applied) -> {
      shown.add(applied.index());
      await(busy);
    });
    apply(1, version(1));
    SOON.until("the first change is shown", () -> shown.size() == 1);

    for (int index = 2; index <= 100; index++) {
      apply(index, version(index));
    }
    busy.countDown();

    SOON.until("the last change is shown", () -> shown.getLast() == 100);
    assertThat(shown).containsExactly(1L, 100L);
  }

  @Test
  void saysNothingWhenOnlyTheIndexMoves() {
    var shown = new CopyOnWriteArrayList<Long>();
    publisher.subscribe((_, applied) -> shown.add(applied.index()));
    apply(1, version(1));
    SOON.until("the change is shown", () -> shown.size() == 1);

    newest.set(new Applied(2, newest.get().image()));
    publisher.signal();

    assertThat(publisher.whenApplied(2)).succeedsWithin(SOON.limit());
    assertThat(shown).containsExactly(1L);
  }

  @Test
  void wakesThoseWhoWaitForAnIndexAndForgetsThoseWhoGaveUp() {
    var first = publisher.whenApplied(1);
    var third = publisher.whenApplied(3);
    publisher.whenApplied(2).cancel(false);

    apply(2, version(2));

    assertThat(first).succeedsWithin(SOON.limit()).isEqualTo(newest.get());
    assertThat(third).isNotDone();
    assertThat(publisher.whenApplied(2)).succeedsWithin(SOON.limit());
  }

  @Test
  void endsTheNodeWhenASubscriberThrows() {
    publisher.subscribe((_, _) -> {
      throw new IllegalStateException("a bug");
    });
    apply(1, version(1));

    SOON.until("the fault is reported", () -> faults.size() == 1);
  }

  private void apply(long index, ClusterImage image) {
    newest.set(new Applied(index, image));
    publisher.signal();
  }

  private static ClusterImage version(int version) {
    return EMPTY.initialized(version, ClusterDefaults.BUILT_IN);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
