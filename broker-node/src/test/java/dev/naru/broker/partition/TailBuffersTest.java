package dev.naru.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.record.BatchBytes;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TailBuffersTest {

  private final TailBudget budget = new TailBudget(10 << 20);
  private final TailBuffers tail = new TailBuffers(budget);

  @Test
  void keepsWhatSomeFollowerHasYetToTake() {
    tail.append(0, bytes(100));
    tail.append(3, bytes(100));

    tail.dropBelow(3);

    assertThat(tail.startingAt(0)).isEmpty();
    assertThat(tail.startingAt(3)).isPresent();
    assertThat(budget.bytesUsed()).isEqualTo(100);
  }

  @Test
  void dropsTheOldestWhenThereIsTooMuch() {
    for (int i = 0; i < 5; i++) {
      tail.append(i, bytes(1 << 20));
    }

    assertThat(tail.startingAt(0)).isEmpty();
    assertThat(tail.startingAt(1)).isPresent();
  }

  @Test
  void keepsNothingRatherThanAGap() {
    var other = new TailBuffers(budget);
    for (int i = 0; i < 3; i++) {
      tail.append(i, bytes(1 << 20));
      other.append(i, bytes(1 << 20));
    }
    var third = new TailBuffers(budget);
    third.append(0, bytes(3 << 20));

    third.append(1, bytes(2 << 20)); // no room for it
    third.append(2, bytes(1));

    assertThat(third.startingAt(0)).isEmpty();
    assertThat(third.startingAt(2)).isPresent();
  }

  @Test
  void givesBackAllItTook() {
    tail.append(0, bytes(100));
    tail.append(1, bytes(5 << 20));

    tail.clear();

    assertThat(budget.bytesUsed()).isZero();
  }

  @Test
  void holdsWhatItKeepsAndNothingElse() {
    var held = new AtomicInteger();
    for (int i = 0; i < 6; i++) {
      var batch = leased(1 << 20, held);
      tail.append(i, batch);
      batch.release(); // as whoever brought it does
    }
    assertThat(held).hasValue(4);

    tail.dropBelow(4);
    assertThat(held).hasValue(2);

    var tooMuch = leased(11 << 20, held);
    tail.append(6, tooMuch);
    tooMuch.release();
    assertThat(held).hasValue(0);
  }

  private static BatchBytes leased(int size, AtomicInteger held) {
    held.incrementAndGet();
    return BatchBytes.leased(ByteBuffer.allocate(size), held::decrementAndGet);
  }

  private static BatchBytes bytes(int size) {
    return BatchBytes.of(ByteBuffer.allocate(size));
  }
}
