package dev.naru.client.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.client.TopicPartition;
import dev.naru.record.BatchBuilder;
import dev.naru.record.BatchDeflater;
import dev.naru.record.Compression;
import dev.naru.record.InflationLimit;
import dev.naru.record.RecordReader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BatchTest {

  private static final int TARGET = 1000;
  private static final int GROWN_MAX = 4000;

  private final MemoryBudget memory =
      new MemoryBudget(10_000, new ArrayPool(TARGET, GROWN_MAX, 12_000));
  private final Batch batch = batch();

  private Batch batch() {
    try {
      byte[] array = Objects.requireNonNull(memory.take(TARGET, 0, () -> {}));
      return new Batch(new TopicPartition("t", 0), memory, array, TARGET, GROWN_MAX, 1, 0);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Appends such records while there is room, and returns how many. */
  private int fill(int valueBytes, boolean mayGrow) {
    long bytesMax = BatchBuilder.sizeMaxOf(0, valueBytes, List.of());
    int count = 0;
    while (batch.hasRoomFor(bytesMax) || (mayGrow && batch.growsFor(bytesMax))) {
      byte[] value = ByteBuffer.allocate(valueBytes).putInt(0, count++).array();
      batch.append(1, null, value, List.of(), (ack, failure) -> {});
    }
    return count;
  }

  private int readCount() {
    var reader = RecordReader.open(batch.bytes(), InflationLimit.DEFAULT);
    int count = 0;
    while (reader.hasNext()) {
      assertThat(reader.next().value().orElseThrow().getInt(0)).isEqualTo(count++);
    }
    return count;
  }

  @Test
  void keepsWhatItHoldsWhileItGrows() {
    int count = fill(100, true);
    batch.encode(new BatchDeflater(Compression.NONE));

    assertThat(batch.bytes().size()).isBetween(GROWN_MAX / 2, GROWN_MAX);
    assertThat(readCount()).isEqualTo(count);
    assertThat(memory.free()).isEqualTo(10_000 - GROWN_MAX);
  }

  @Test
  void stopsGrowingWhenThereIsNoMemoryAtHand() throws InterruptedException {
    byte[] other = Objects.requireNonNull(memory.take(8000, 0, () -> {}));

    int count = fill(100, true); // up to twice the target

    batch.encode(new BatchDeflater(Compression.NONE));
    assertThat(batch.bytes().size()).isBetween(TARGET, 2 * TARGET);
    assertThat(readCount()).isEqualTo(count);
    memory.giveBack(other);
  }

  @Test
  void givesUpWhatItDoesNotFill() {
    for (var compression : Compression.values()) {
      var small = batch();
      small.append(1, null, new byte[30], List.of(), (ack, failure) -> {});
      long before = memory.free();

      small.encode(new BatchDeflater(compression));

      assertThat(memory.free()).isEqualTo(before + TARGET - small.bytes().size());
      small.end();
      assertThat(memory.free()).isEqualTo(before + TARGET);
    }
  }

  @Test
  void takesNoMoreTinyRecordsThanCallbacksFitTheHeap() {
    assertThat(fill(4, true)).isEqualTo(GROWN_MAX / 32);
  }

  @Test
  void endsOnce() {
    fill(100, false);
    batch.encode(new BatchDeflater(Compression.NONE));

    batch.end();

    assertThat(memory.free()).isEqualTo(10_000);
    assertThatThrownBy(batch::end).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(batch::bytes).isInstanceOf(IllegalStateException.class);
  }
}
