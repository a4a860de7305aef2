package dev.naru.testing.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.testing.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogReaderTest {

  @TempDir Path directory;

  private PartitionFolder folder;

  @BeforeEach
  void open() {
    folder = new PartitionFolder(directory);
  }

  @Test
  void givesEveryRecordOfEverySegment() throws IOException {
    segment(5, batch(5, "a", "b"), batch(7, "c"));
    segment(8, batch(8, "d"));

    assertThat(read()).containsExactly("5=a", "6=b", "7=c", "8=d");
    assertThat(folder.sizes()).containsOnlyKeys(5L, 8L);
    assertThat(SegmentFile.chain(folder.segments())).hasSize(3);
  }

  @Test
  void readsBatchesLargerThanItsBuffer() throws IOException {
    var large = "x".repeat(700_000);
    segment(0, batch(0, large), batch(1, "y"), batch(2, large));

    assertThat(read()).containsExactly("0=" + large, "1=y", "2=" + large);
  }

  @Test
  void refusesAGapBetweenBatchesAndBetweenSegments() throws IOException {
    segment(0, batch(0, "a"), batch(2, "b"));
    assertRefused("Expected a batch from offset 1 on");
    segment(0, batch(0, "a"));
    segment(3, batch(3, "b"));
    assertRefused("Expected a segment from offset 1 on");
    assertThatThrownBy(() -> SegmentFile.chain(folder.segments()))
        .isInstanceOf(NotAsDrawnException.class);
  }

  @Test
  void noticesAnyBitThatFlipsExceptInTheEpoch() {
    Seeds.forEach(
        300,
        (_, random) -> {
          byte[] batch = batch(0, "some", "records");
          int at = anywhereButInTheEpoch(batch.length, random);
          batch[at] ^= (byte) (1 << random.nextInt(8));
          segment(0, batch, batch(2, "more"));

          assertRefused("Expected");
        });
  }

  private static int anywhereButInTheEpoch(int length, RandomGenerator random) {
    int at = random.nextInt(length);
    return at >= 12 && at < 16 ? anywhereButInTheEpoch(length, random) : at;
  }

  @Test
  void noticesAFileThatEndsWithinABatch() {
    Seeds.forEach(
        100,
        (_, random) -> {
          byte[] batch = batch(0, "some", "records");
          segment(0, Arrays.copyOf(batch, random.nextInt(1, batch.length)));

          assertRefused("Expected");
        });
  }

  private void assertRefused(String message) {
    assertThatThrownBy(this::read)
        .isInstanceOf(NotAsDrawnException.class)
        .hasMessageContaining(message);
  }

  private List<String> read() throws IOException {
    var read = new ArrayList<String>();
    try (var log = folder.batches()) {
      for (var batch = log.next(); batch.isPresent(); batch = log.next()) {
        batch
            .get()
            .read()
            .forEach(each -> read.add(each.offset() + "=" + each.value().orElseThrow()));
      }
    }
    return read;
  }

  private void segment(long base, byte[]... batches) throws IOException {
    var bytes = new ByteArrayOutputStream();
    for (byte[] batch : batches) {
      bytes.write(batch);
    }
    Files.write(directory.resolve("%020d.log".formatted(base)), bytes.toByteArray());
  }

  private static byte[] batch(long base, String... values) {
    var records = new TreeMap<Long, byte[]>();
    for (var value : values) {
      records.put(base + records.size(), value.getBytes(StandardCharsets.UTF_8));
    }
    return BatchWriter.batch(3, records);
  }
}
