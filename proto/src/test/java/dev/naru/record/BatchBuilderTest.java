package dev.naru.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.record.Drafts.Draft;
import dev.naru.testing.Seeds;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchBuilderTest {

  @Test
  void neverPassesItsSizeWhileItIsAskedForRoomFirst() {
    Seeds.forEach(
        20,
        (seed, random) -> {
          int bytesMax = 200 + random.nextInt(4_000);
          var builder = new BatchBuilder(bytesMax);
          for (var draft : Drafts.random(random)) {
            int keyBytes = draft.key() == null ? 0 : draft.key().length;
            int valueBytes = draft.value() == null ? 0 : draft.value().length;
            if (!builder.hasRoomFor(keyBytes, valueBytes, draft.headers())) {
              builder.build(Compression.NONE);
            }
            boolean alone = builder.isEmpty();
            builder.append(draft.timestamp(), draft.key(), draft.value(), draft.headers());
            assertThat(builder.sizeInBytes())
                .isLessThanOrEqualTo(
                    alone
                        ? (int) BatchBuilder.sizeMaxOf(keyBytes, valueBytes, draft.headers())
                        : bytesMax);
          }
        });
  }

  @Test
  void takesALargeRecordAlone() {
    var builder = new BatchBuilder(100);

    assertThat(builder.hasRoomFor(0, 5_000, List.of())).isTrue();
    assertThat(builder.append(1, null, new byte[5_000], List.of())).isZero();

    assertThat(builder.hasRoomFor(0, 0, List.of())).isFalse();
    assertThat(builder.build(Compression.NONE).header().recordCount()).isEqualTo(1);
  }

  @Test
  void beginsAnewAfterEachBatchAndLeavesTheLastOneAlone() {
    var builder = new BatchBuilder(1_000);
    builder.append(9_000, new byte[] {1}, new byte[] {2}, List.of());
    builder.producer(5, (short) 6, 7);
    var first = builder.build(Compression.NONE);

    assertThat(builder.isEmpty()).isTrue();
    builder.append(10, new byte[] {3}, new byte[] {4}, List.of());
    var second = builder.build(Compression.NONE);

    assertThat(BatchCheck.checksum(first)).isEmpty();
    assertThat(first.header().producerId()).isEqualTo(5);
    assertThat(first.header().maxTimestamp()).isEqualTo(9_000);
    assertThat(second.header().hasProducer()).isFalse();
    assertThat(second.header().maxTimestamp()).isEqualTo(10);
    assertThat(Drafts.readAll(second)).hasSize(1);
  }

  @Test
  void forgetsWhatWasAppendedWhenItIsReset() {
    var builder = new BatchBuilder(1_000);
    builder.append(9_000, null, new byte[100], List.of());

    builder.reset();

    assertThat(builder.isEmpty()).isTrue();
    assertThat(builder.maxTimestamp()).isZero();
    assertThat(builder.sizeInBytes()).isEqualTo(BatchHeader.SIZE);
  }

  @Test
  void keepsTheGreatestTimestampWhereverItStands() {
    var builder = new BatchBuilder(1_000);
    builder.append(500, null, new byte[0], List.of());
    builder.append(900, null, new byte[0], List.of());
    builder.append(100, null, new byte[0], List.of());

    assertThat(builder.maxTimestamp()).isEqualTo(900);
    assertThat(BatchCheck.clientBatch(builder.build(Compression.NONE))).isEmpty();
  }

  @Test
  void refusesWhatNoReaderCouldOpenAndStaysAsItWas() {
    var builder = new BatchBuilder(1_000);
    builder.append(1, null, new byte[10], List.of());

    assertThatThrownBy(() -> builder.append(-1, null, new byte[0], List.of()))
        .hasMessage("Expected a timestamp >= 0, but was -1");
    byte[] huge = new byte[BatchBuilder.BATCH_BYTES_MAX];
    assertThatThrownBy(() -> builder.append(1, null, huge, List.of()))
        .hasMessageStartingWith("Expected a batch of at most 67108864 bytes, but it would be");

    assertThat(Drafts.readAll(builder.build(Compression.NONE))).hasSize(1);
    assertThatThrownBy(() -> builder.build(Compression.NONE))
        .hasMessage("Expected at least one record, but the batch is empty");
  }

  @Test
  void leavesABatchUncompressedThatReadersWouldTakeForABomb() {
    var zeros = List.of(new Draft(1, null, new byte[8 << 20], List.of()));

    var batch = Drafts.encode(zeros, Compression.ZSTD);

    assertThat(batch.header().compression()).hasValue(Compression.NONE);
    assertThat(Drafts.readAll(batch)).isEqualTo(Drafts.expected(zeros, 0));
  }
}
