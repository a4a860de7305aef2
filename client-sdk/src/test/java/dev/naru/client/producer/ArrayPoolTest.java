package dev.naru.client.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.testing.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ArrayPoolTest {

  private static final int SMALLEST = 100;
  private static final int LARGEST = 1600;
  private static final int BYTES_MAX = 10_000;

  private final ArrayPool pool = new ArrayPool(SMALLEST, LARGEST, BYTES_MAX);

  @Test
  void givesEachArrayOfAClassOutAgain() {
    var first = pool.take(150);
    pool.give(first);

    assertThat(first).hasSize(200);
    assertThat(pool.bytes()).isEqualTo(200);
    assertThat(pool.take(101)).isSameAs(first);
    assertThat(pool.take(101)).isNotSameAs(first);
    assertThat(pool.bytes()).isEqualTo(400);
  }

  @Test
  void hasNoClassForWhatIsMuchSmallerOrLarger() {
    assertThat(pool.sizeFor(50)).isEqualTo(50);
    assertThat(pool.sizeFor(51)).isEqualTo(100);
    assertThat(pool.sizeFor(1600)).isEqualTo(1600);
    assertThat(pool.sizeFor(1601)).isEqualTo(1601);

    pool.give(pool.take(50));
    pool.give(pool.take(1601));

    assertThat(pool.bytes()).isZero();
  }

  @Test
  void endsWithALargestClassThatIsNoMultiple() {
    var uneven = new ArrayPool(100, 250, BYTES_MAX);

    assertThat(uneven.sizeFor(201)).isEqualTo(250);
    var array = uneven.take(201);
    uneven.give(array);
    assertThat(uneven.take(250)).isSameAs(array);
  }

  @Test
  void keepsNothingWithoutASmallestSize() {
    var none = new ArrayPool(0, 0, BYTES_MAX);

    none.give(none.take(64));

    assertThat(none.sizeFor(64)).isEqualTo(64);
    assertThat(none.bytes()).isZero();
  }

  @Test
  void makesRoomForANewArrayAmongThoseItKeeps() {
    Seeds.forEach(20, (seed, random) -> lendAndReturn(random));
  }

  private static void lendAndReturn(RandomGenerator random) {
    var pool = new ArrayPool(SMALLEST, LARGEST, BYTES_MAX);
    var lent = new ArrayList<byte[]>();
    Set<byte[]> lentNow = Collections.newSetFromMap(new IdentityHashMap<>());
    long lentBytes = 0;
    long lentMost = 0;
    for (int step = 0; step < 2000; step++) {
      if (lent.isEmpty() || (lentBytes < 20_000 && random.nextBoolean())) {
        var array = pool.take(1 + random.nextInt(2 * LARGEST));
        assertThat(lentNow.add(array)).as("not lent twice").isTrue();
        lent.add(array);
        lentBytes += array.length;
        lentMost = Math.max(lentMost, lentBytes);
      } else {
        var array = lent.remove(random.nextInt(lent.size()));
        lentNow.remove(array);
        lentBytes -= array.length;
        pool.give(array);
      }
      assertThat(pool.bytes()).isBetween(lentBytes, Math.max(BYTES_MAX, lentMost));
    }
  }

  @Test
  void lendsAnArrayToOneThreadAtATime() {
    try (var threads = Executors.newFixedThreadPool(4)) {
      var done = new ArrayList<CompletableFuture<Void>>();
      for (byte mark = 1; mark <= 4; mark++) {
        byte own = mark;
        done.add(CompletableFuture.runAsync(() -> writeAndRead(own), threads));
      }
      done.forEach(CompletableFuture::join);
    }
  }

  private void writeAndRead(byte mark) {
    for (int round = 0; round < 5000; round++) {
      var some = List.of(pool.take(SMALLEST), pool.take(SMALLEST), pool.take(2 * SMALLEST));
      for (byte[] array : some) {
        java.util.Arrays.fill(array, mark);
      }
      for (byte[] array : some) {
        for (byte each : array) {
          if (each != mark) {
            throw new AssertionError("Expected " + mark + ", but another thread wrote " + each);
          }
        }
        pool.give(array);
      }
    }
  }
}
