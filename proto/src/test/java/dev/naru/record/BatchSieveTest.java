package dev.naru.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.testing.Seeds;
import dev.naru.types.LeaderEpoch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class BatchSieveTest {

  private static final long HORIZON = 5_000_000_000_000L;

  @Test
  @Tag("S41")
  void whatStaysIsWhatTheJudgeKeptWithItsOffsetsAndTimes() {
    Seeds.forEach(
        300,
        (seed, random) -> {
          var batch = batch(random);
          var before = records(batch);
          var kept = random(before, random);

          var sifted = BatchSieve.sift(batch, keeping(kept), HORIZON);

          assertThat(records(sifted.batch()))
              .isEqualTo(before.stream().filter(each -> kept.contains(each.offset())).toList());
          assertThat(BatchCheck.frames(sifted.batch())).isEmpty();
          assertThat(BatchCheck.checksum(sifted.batch())).isEmpty();
          var header = sifted.batch().header();
          assertThat(header.baseOffset()).isEqualTo(batch.header().baseOffset());
          assertThat(header.nextOffset()).isEqualTo(batch.header().nextOffset());
          assertThat(header.leaderEpoch()).isEqualTo(batch.header().leaderEpoch());
          assertThat(header.producerId()).isEqualTo(batch.header().producerId());
          assertThat(header.baseSequence()).isEqualTo(batch.header().baseSequence());
          assertThat(header.recordCount()).isEqualTo(kept.size());
        });
  }

  @Test
  void kafkaReadsWhatIsLeftLikeWeDo() {
    Seeds.forEach(
        200,
        (seed, random) -> {
          var batch = batch(random);
          var kept = random(records(batch), random);

          var sifted = BatchSieve.sift(batch, keeping(kept), HORIZON).batch();

          var oracle = KafkaOracle.batch(sifted);
          oracle.ensureValid();
          assertThat(oracle.baseOffset()).isEqualTo(sifted.header().baseOffset());
          assertThat(oracle.lastOffset()).isEqualTo(sifted.header().lastOffset());
          assertThat(oracle.maxTimestamp()).isEqualTo(sifted.header().maxTimestamp());
          assertThat(oracle.deleteHorizonMs()).isEqualTo(sifted.header().deleteHorizon());
          assertThat(KafkaOracle.readAll(sifted)).isEqualTo(records(sifted));
        });
  }

  @Test
  void aBatchThatKeepsAllAndDeletesNothingStaysTheSameBytes() {
    var batch = batch("a", "1", "b", "2");

    var sifted = BatchSieve.sift(batch, record -> true, HORIZON);

    assertThat(sifted.batch()).isSameAs(batch);
    assertThat(sifted.deleteHorizon()).isEmpty();
  }

  @Test
  void aDeletionIsGivenItsHorizonOnceAndKeepsIt() {
    var batch = batch("a", "1", "b", null);

    var first = BatchSieve.sift(batch, record -> true, HORIZON);
    var second = BatchSieve.sift(first.batch(), record -> true, HORIZON + 99);

    assertThat(first.deleteHorizon()).isEqualTo(OptionalLong.of(HORIZON));
    assertThat(first.batch().header().deleteHorizon()).isEqualTo(OptionalLong.of(HORIZON));
    assertThat(records(first.batch())).isEqualTo(records(batch));
    assertThat(second.batch()).isSameAs(first.batch());
    assertThat(second.deleteHorizon()).isEqualTo(OptionalLong.of(HORIZON));
  }

  @Test
  void aBatchOfWhichNothingIsKeptIsAHeader() {
    var batch = batch("a", "1", "b", null);

    var sifted = BatchSieve.sift(batch, record -> false, HORIZON);

    assertThat(sifted.batch().size()).isEqualTo(BatchHeader.SIZE);
    assertThat(sifted.batch().header().isHeaderOnly()).isTrue();
    assertThat(sifted.batch().header().nextOffset()).isEqualTo(batch.header().nextOffset());
    assertThat(records(sifted.batch())).isEmpty();
  }

  @Test
  void theTimeOfTheLeaderStaysThatOfTheRecordsThatAreLeft() {
    var batch = batch("a", "1", "b", "2");
    batch.stampAppendTime(777);

    var sifted =
        BatchSieve.sift(batch, record -> record.offset() == batch.header().baseOffset(), HORIZON);

    assertThat(records(sifted.batch()))
        .singleElement()
        .extracting(Record::timestamp)
        .isEqualTo(777L);
  }

  @Test
  void aBatchDoesNotGrowBecauseItsDeletionsAreGivenAMoment() {
    var builder = new BatchBuilder(8 << 20);
    for (int i = 0; i < 150_000; i++) {
      builder.append(
          1_000 + i / 1_000, ByteBuffer.wrap(Integer.toString(i).getBytes(UTF_8)), null, List.of());
    }
    var batch = builder.build(Compression.NONE);

    var sifted = BatchSieve.sift(batch, record -> true, HORIZON).batch();

    assertThat(batch.size()).isGreaterThan(1 << 20);
    assertThat(sifted.size()).isLessThanOrEqualTo(batch.size());
    assertThat(records(sifted)).isEqualTo(records(batch));
    KafkaOracle.batch(sifted).ensureValid();
  }

  @Test
  void aBatchDoesNotGrowBecauseReadersWouldNotOpenItSoSmall() {
    var noise = new byte[4 << 20];
    new SplittableRandom(1).nextBytes(noise);
    var builder = new BatchBuilder(32 << 20);
    builder.append(0, ByteBuffer.wrap(new byte[] {1}), ByteBuffer.wrap(noise), List.of());
    builder.append(0, ByteBuffer.wrap(new byte[] {2}), ByteBuffer.allocate(20 << 20), List.of());
    var batch = builder.build(Compression.ZSTD);

    var sifted = BatchSieve.sift(batch, record -> record.offset() == 1, HORIZON).batch();

    assertThat(sifted.size()).isLessThanOrEqualTo(batch.size());
    assertThat(records(sifted)).isEqualTo(records(batch).subList(1, 2));
    KafkaOracle.batch(sifted).ensureValid();
  }

  @Test
  void headersOfOneLeaderThatFollowEachOtherBecomeOne() {
    var first = emptyAt(10, 5, 3);
    var second = emptyAt(15, 2, 3);

    assertThat(BatchSieve.canMerge(first, second)).isTrue();
    var merged = BatchSieve.merge(first, second);

    assertThat(merged.header().baseOffset()).isEqualTo(10);
    assertThat(merged.header().nextOffset()).isEqualTo(17);
    assertThat(BatchCheck.checksum(merged)).isEmpty();
    assertThat(records(merged)).isEmpty();
  }

  @Test
  void headersOfTwoLeadersOrWithAGapOrOfTwoProducersStayTwo() {
    var first = emptyAt(10, 5, 3);

    assertThat(BatchSieve.canMerge(first, emptyAt(15, 2, 4))).isFalse();
    assertThat(BatchSieve.canMerge(first, emptyAt(16, 2, 3))).isFalse();
    assertThat(BatchSieve.canMerge(emptyOf(0, 7, 0), emptyOf(2, 7, 2))).isTrue();
    assertThat(BatchSieve.canMerge(emptyOf(0, 7, 0), emptyOf(2, 7, 9))).isFalse();
    assertThat(BatchSieve.canMerge(emptyOf(0, 7, 0), emptyOf(2, 8, 2))).isFalse();
  }

  @Test
  void aHeaderCanBeTakenFromAnOffsetInsideItOn() {
    var header = emptyOf(100, 7, Integer.MAX_VALUE);

    var rest = BatchSieve.from(header, 101);

    assertThat(rest.header().baseOffset()).isEqualTo(101);
    assertThat(rest.header().nextOffset()).isEqualTo(102);
    assertThat(rest.header().baseSequence()).isZero();
    assertThat(BatchCheck.checksum(rest)).isEmpty();
    assertThatThrownBy(() -> BatchSieve.from(header, 102))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("that holds offset 102");
  }

  @Test
  void aBatchThatCannotBeOpenedIsRefusedNotGuessedAt() {
    var batch = batch("a", "1");
    var bytes = ByteBuffer.allocate(batch.size()).put(batch.asByteBuffer()).flip();
    bytes.put(BatchHeader.SIZE, (byte) 0x7f);

    assertThatThrownBy(
            () -> BatchSieve.sift(BatchBytes.of(bytes.duplicate()), record -> true, HORIZON))
        .isInstanceOf(BatchRefusedException.class);
  }

  private static BatchHeader emptyAt(long baseOffset, int offsets, int epoch) {
    var builder = new BatchBuilder(1 << 10);
    for (int i = 0; i < offsets; i++) {
      builder.append(1, new byte[] {1}, new byte[] {1}, List.of());
    }
    return emptied(builder.build(Compression.NONE), baseOffset, epoch);
  }

  private static BatchHeader emptyOf(long baseOffset, long producer, int sequence) {
    var builder = new BatchBuilder(1 << 10);
    builder.append(1, new byte[] {1}, new byte[] {1}, List.of());
    builder.append(1, new byte[] {1}, new byte[] {1}, List.of());
    builder.producer(producer, (short) 0, sequence);
    return emptied(builder.build(Compression.NONE), baseOffset, 1);
  }

  private static BatchHeader emptied(BatchBytes batch, long baseOffset, int epoch) {
    batch.stamp(baseOffset, new LeaderEpoch(epoch));
    return BatchSieve.sift(batch, record -> false, HORIZON).batch().header();
  }

  private static BatchBytes batch(@Nullable String... keysAndValues) {
    var builder = new BatchBuilder(1 << 10);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      String key = Objects.requireNonNull(keysAndValues[i]);
      String value = keysAndValues[i + 1];
      builder.append(
          1_000 + i, key.getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8), List.of());
    }
    var batch = builder.build(Compression.NONE);
    batch.stamp(40, new LeaderEpoch(2));
    return batch;
  }

  private static BatchBytes batch(RandomGenerator random) {
    var builder = new BatchBuilder(1 << 20);
    for (var draft : Drafts.random(random)) {
      builder.append(draft.timestamp(), draft.key(), draft.value(), draft.headers());
    }
    if (random.nextBoolean()) {
      builder.producer(9, (short) 1, random.nextInt(1_000));
    }
    var codecs = Compression.values();
    var batch = builder.build(codecs[random.nextInt(codecs.length)]);
    batch.stamp(random.nextLong(1L << 40), new LeaderEpoch(random.nextInt(9)));
    return batch;
  }

  private static Set<Long> random(List<Record> all, RandomGenerator random) {
    double share = random.nextInt(3) / 2.0;
    var kept = new HashSet<Long>();
    all.stream()
        .filter(each -> random.nextDouble() <= share && share > 0)
        .forEach(each -> kept.add(each.offset()));
    return kept;
  }

  private static BatchSieve.Judge keeping(Set<Long> offsets) {
    return record -> offsets.contains(record.offset());
  }

  private static List<Record> records(BatchBytes batch) {
    var all = new ArrayList<Record>();
    RecordReader.open(batch, InflationLimit.DEFAULT).forEachRemaining(all::add);
    return all;
  }
}
