package dev.naru.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
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
