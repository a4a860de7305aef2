package dev.naru.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BatchDeflaterTest {

  @ParameterizedTest
  @EnumSource(Compression.class)
  void compressesOneBatchAfterTheOtherWhereItLies(Compression compression) {
    try (var deflater = new BatchDeflater(compression)) {
      for (int records : new int[] {1, 200, 3, 5000, 7}) {
        var drafts = texts(records);
        byte[] lent = new byte[records * 100 + 200];

        var batch = fill(lent, drafts).build(deflater);

        assertThat(batch.header().compression()).hasValue(compression);
        assertThat(BatchCheck.checksum(batch)).isEmpty();
        assertThat(Drafts.readAll(batch)).isEqualTo(Drafts.expected(drafts, 0));
        lent[BatchHeader.CRC]++;
        assertThat(BatchCheck.checksum(batch)).as("lies in the lent array").isPresent();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void leavesABatchAsItIsThatWouldNotFitCompressed(Compression compression) {
    byte[] noise = new byte[300];
    new SplittableRandom(1).nextBytes(noise);
    var drafts = List.of(new Drafts.Draft(1, null, noise, List.of()));
    byte[] exact = new byte[BatchHeader.SIZE + 312]; // so much is asked for before it is encoded

    try (var deflater = new BatchDeflater(compression)) {
      var batch = fill(exact, drafts).build(deflater);

      assertThat(batch.size()).isEqualTo(exact.length - 3);
      assertThat(batch.header().compression()).hasValue(Compression.NONE);
      assertThat(Drafts.readAll(batch)).isEqualTo(Drafts.expected(drafts, 0));
    }
  }

  @ParameterizedTest
  @CsvSource({"GZIP, 1, 9", "LZ4, 9, 17", "ZSTD, -7, 19"})
  void triesAsHardAsItIsTold(Compression compression, int hardly, int hard) {
    var drafts = texts(2000);

    int large = sizeAt(compression, hardly, drafts);
    int small = sizeAt(compression, hard, drafts);

    assertThat(small).isLessThan(large);
    assertThat(sizeAt(compression, compression.levelByDefault(), drafts))
        .isLessThanOrEqualTo(large)
        .isEqualTo(fill(new byte[200_000], drafts).build(compression).size());
  }

  private static int sizeAt(Compression compression, int level, List<Drafts.Draft> drafts) {
    try (var deflater = new BatchDeflater(compression, level)) {
      var batch = fill(new byte[200_000], drafts).build(deflater);

      assertThat(Drafts.readAll(batch)).isEqualTo(Drafts.expected(drafts, 0));
      return batch.size();
    }
  }

  private static List<Drafts.Draft> texts(int count) {
    var drafts = new ArrayList<Drafts.Draft>();
    for (int i = 0; i < count; i++) {
      byte[] value = ("the same but for a number: " + i).getBytes(StandardCharsets.UTF_8);
      drafts.add(new Drafts.Draft(1000 + i, null, value, List.of()));
    }
    return drafts;
  }

  private static BatchBuilder fill(byte[] lent, List<Drafts.Draft> drafts) {
    var builder = new BatchBuilder(lent);
    for (var draft : drafts) {
      builder.append(draft.timestamp(), draft.key(), draft.value(), draft.headers());
    }
    return builder;
  }
}
