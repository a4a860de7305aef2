package dev.naru.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.record.KafkaOracle.Producer;
import dev.naru.testing.Seeds;
import dev.naru.types.LeaderEpoch;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KafkaFormatTest {

  private static final int SEEDS = 40;

  @Test
  void writesTheVeryBytesThatKafkaWrites() {
    Seeds.forEach(
        SEEDS,
        (seed, random) -> {
          var drafts = Drafts.random(random);
          var producer = random.nextBoolean() ? Producer.NONE : producer(random);
          var builder = new BatchBuilder(16 << 10);
          Drafts.appendAll(builder, drafts);
          builder.producer(producer.id(), producer.epoch(), producer.sequence());

          var ours = builder.build(Compression.NONE);

          var kafkas = KafkaOracle.encode(drafts, Compression.NONE, 0, producer);
          assertThat(ours.asByteBuffer()).isEqualTo(kafkas);
        });
  }

  @ParameterizedTest
  @EnumSource
  @Tag("S28")
  void kafkaReadsWhatIsWrittenHere(Compression compression) {
    Seeds.forEach(
        SEEDS,
        (seed, random) -> {
          var drafts = Drafts.random(random);
          long baseOffset = random.nextLong(1L << 50);

          var ours = Drafts.encode(drafts, compression);
          ours.stamp(baseOffset, new LeaderEpoch(7));

          var batch = KafkaOracle.batch(ours);
          batch.ensureValid();
          assertThat(batch.compressionType().name).isEqualTo(compression.text());
          assertThat(batch.partitionLeaderEpoch()).isEqualTo(7);
          assertThat(batch.lastOffset()).isEqualTo(ours.header().lastOffset());
          assertThat(KafkaOracle.readAll(ours)).isEqualTo(Drafts.expected(drafts, baseOffset));
        });
  }

  @ParameterizedTest
  @EnumSource
  void readsHereWhatKafkaWrites(Compression compression) {
    Seeds.forEach(
        SEEDS,
        (seed, random) -> {
          var drafts = Drafts.random(random);
          long baseOffset = random.nextLong(1L << 50);

          var kafkas =
              BatchBytes.of(KafkaOracle.encode(drafts, compression, baseOffset, producer(random)));

          assertThat(BatchCheck.frame(kafkas, kafkas.size())).isEmpty();
          assertThat(BatchCheck.checksum(kafkas)).isEmpty();
          assertThat(BatchCheck.clientBatch(kafkas)).isEmpty();
          assertThat(kafkas.header().compression()).hasValue(compression);
          assertThat(Drafts.readAll(kafkas)).isEqualTo(Drafts.expected(drafts, baseOffset));
        });
  }

  @Test
  void kafkaSeesTheAppendTimeThatALeaderStamps() {
    Seeds.forEach(
        5,
        (seed, random) -> {
          var batch = Drafts.encode(Drafts.random(random), Compression.LZ4);

          batch.stampAppendTime(1_234_567);

          KafkaOracle.batch(batch).ensureValid();
          assertThat(KafkaOracle.readAll(batch)).allMatch(read -> read.timestamp() == 1_234_567);
          assertThat(Drafts.readAll(batch)).isEqualTo(KafkaOracle.readAll(batch));
        });
  }

  private static Producer producer(RandomGenerator random) {
    return new Producer(
        random.nextLong(Long.MAX_VALUE),
        (short) random.nextInt(Short.MAX_VALUE),
        random.nextInt(Integer.MAX_VALUE));
  }
}
