package dev.naru.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.record.Drafts.Draft;
import dev.naru.types.LeaderEpoch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class BatchBytesTest {

  @Test
  void walksItsBatchesInOrder() {
    var three = concat(batch(1), batch(2), batch(3));

    var counts = new ArrayList<Integer>();
    three.headers().forEach(header -> counts.add(header.recordCount()));
    var parts = new ArrayList<BatchBytes>();
    three.batches().forEach(parts::add);

    assertThat(counts).containsExactly(1, 2, 3);
    assertThat(parts).hasSize(3);
    assertThat(parts.get(1).asByteBuffer()).isEqualTo(batch(2).asByteBuffer());
    assertThat(BatchBytes.EMPTY.batches()).isEmpty();
  }

  @Test
  void stampsOffsetAndEpochWithoutTouchingTheChecksum() {
    var batch = batch(3);

    batch.stamp(42, new LeaderEpoch(7));

    var header = batch.header();
    assertThat(header.baseOffset()).isEqualTo(42);
    assertThat(header.lastOffset()).isEqualTo(44);
    assertThat(header.nextOffset()).isEqualTo(45);
    assertThat(header.leaderEpoch()).isEqualTo(7);
    assertThat(BatchCheck.checksum(batch)).isEmpty();
  }

  @Test
  void stampsAProducerWithoutTouchingTheRecords() {
    for (var compression : List.of(Compression.NONE, Compression.GZIP)) {
      var batch = batch(3, compression);
      var recordsBefore = copy(batch.slice(BatchHeader.SIZE, batch.size() - BatchHeader.SIZE));
      var headerBefore = batch.header();

      batch.stampProducer(Long.MAX_VALUE, Short.MAX_VALUE, Integer.MAX_VALUE);
      batch.stampProducer(77, (short) 5, 1 << 30);

      assertThat(batch.header())
          .isEqualTo(
              new BatchHeader(
                  headerBefore.baseOffset(),
                  headerBefore.batchLength(),
                  headerBefore.leaderEpoch(),
                  headerBefore.magic(),
                  batch.header().crc(),
                  headerBefore.attributes(),
                  headerBefore.lastOffsetDelta(),
                  headerBefore.baseTimestamp(),
                  headerBefore.maxTimestamp(),
                  77,
                  (short) 5,
                  1 << 30,
                  headerBefore.recordCount()));
      assertThat(BatchCheck.checksum(batch)).isEmpty();
      assertThat(batch.slice(BatchHeader.SIZE, batch.size() - BatchHeader.SIZE).asByteBuffer())
          .isEqualTo(recordsBefore);
    }
  }

  @Test
  void isTheSameWhetherItIsStampedBeforeOrAfterItWasBuilt() {
    var builder = new BatchBuilder(1 << 10);
    builder.producer(9, (short) 2, 40);
    builder.append(1_000, (byte[]) null, new byte[20], List.of());
    var stampedBefore = builder.build(Compression.NONE);
    builder.append(1_000, (byte[]) null, new byte[20], List.of());
    var stampedAfter = builder.build(Compression.NONE);

    stampedAfter.stampProducer(9, (short) 2, 40);

    assertThat(stampedAfter.asByteBuffer()).isEqualTo(stampedBefore.asByteBuffer());
  }

  @Test
  void showsItsBytesButLetsNobodyWriteThem() {
    var view = batch(1).asByteBuffer();

    assertThat(view.isReadOnly()).isTrue();
    assertThat(view.position()).isZero();
    assertThat(view.remaining()).isEqualTo(batch(1).size());
  }

  @Test
  void givesLeasedMemoryBackWhenTheLastHoldEnds() {
    var givenBack = new AtomicInteger();
    var batch = BatchBytes.leased(plain(batch(2)), givenBack::incrementAndGet);

    assertThat(batch.retain()).isSameAs(batch);
    batch.slice(0, batch.size()).retain();
    batch.release();
    batch.release();

    assertThat(givenBack).hasValue(0);
    assertThat(batch.header().recordCount()).isEqualTo(2);

    batch.slice(0, batch.size()).release();

    assertThat(givenBack).hasValue(1);
  }

  @Test
  void refusesEveryUseOfMemoryThatWasGivenBack() {
    var batch = BatchBytes.leased(plain(batch(2)), () -> {});
    var part = batch.slice(0, batch.size());
    batch.release();

    Stream.<ThrowingCallable>of(
            batch::release,
            batch::retain,
            batch::header,
            batch::asByteBuffer,
            part::asByteBuffer,
            part::release,
            () -> batch.slice(0, 61),
            () -> batch.stamp(1, LeaderEpoch.ZERO),
            () -> batch.stampAppendTime(1),
            () -> batch.stampProducer(1, (short) 0, 0),
            () -> BatchCheck.frame(batch, 1 << 20),
            () -> BatchCheck.checksum(batch))
        .forEach(use ->
            assertThatThrownBy(use)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was given back"));
  }

  @Test
  void countsNothingForPlainMemory() {
    var batch = batch(1);

    batch.retain();
    batch.release();
    batch.release();
    BatchBytes.EMPTY.release();

    assertThat(batch.header().recordCount()).isEqualTo(1);
  }

  private static ByteBuffer plain(BatchBytes batch) {
    return ByteBuffer.allocateDirect(batch.size()).put(batch.asByteBuffer()).flip();
  }

  @Test
  void refusesToWalkOverABatchThatIsCutShort() {
    var torn = concat(batch(1), batch(2)).slice(0, batch(1).size() + 70);
    var walk = torn.batches().iterator();

    assertThat(walk.next().size()).isEqualTo(batch(1).size());
    assertThatThrownBy(walk::next)
        .isInstanceOf(BatchRefusedException.class)
        .hasMessageContaining("CORRUPT_RECORD: Expected a batch of 61 to 70 bytes, but was");
    assertThatThrownBy(() -> torn.slice(0, 60).header())
        .isInstanceOf(BatchRefusedException.class)
        .hasMessageContaining("Expected a batch header of 61 bytes, but 60 are left");
  }

  private static ByteBuffer copy(BatchBytes bytes) {
    return ByteBuffer.allocate(bytes.size()).put(bytes.asByteBuffer()).flip();
  }

  private static BatchBytes batch(int records) {
    return batch(records, Compression.NONE);
  }

  private static BatchBytes batch(int records, Compression compression) {
    var drafts = new ArrayList<Draft>();
    for (int i = 0; i < records; i++) {
      drafts.add(new Draft(1_000 + i, null, new byte[20], List.of()));
    }
    return Drafts.encode(drafts, compression);
  }

  private static BatchBytes concat(BatchBytes... batches) {
    var bytes = ByteBuffer.allocate(1 << 12);
    for (var batch : batches) {
      bytes.put(batch.asByteBuffer());
    }
    return BatchBytes.of(bytes.flip());
  }
}
