package dev.naru.metadata.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.metadata.log.MetadataLogException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start is told of how far the log has reached. */
class LogReachTest {

  @TempDir Path directory;

  @Test
  void isWhatWasNotedLast() throws Exception {
    try (var reach = LogReach.of(directory)) {
      for (long index = 5; index < 10; index++) {
        reach.note(index);

        assertThat(stored()).isEqualTo(index);
      }
      reach.note(7);

      assertThat(stored()).isEqualTo(9);
    }
  }

  @Test
  void goesOnFromWhereItWas() throws Exception {
    note(5, 6, 7);
    note(8);

    flip(slotOf(8) * 8 * LogReach.SLOT_BYTES);

    assertThat(stored()).isEqualTo(7);
  }

  /** A damaged bit makes a log seem longer to nobody. */
  @Test
  void fallsBackToTheOneBeforeWhenABitIsFlipped() throws Exception {
    note(1_000, 1_001);
    long newest = slotOf(1_001);
    for (long bit = 0; bit < 2 * 8 * LogReach.SLOT_BYTES; bit++) {
      flip(bit);

      boolean isOfTheNewest = bit / 8 / LogReach.SLOT_BYTES == newest;
      assertThat(stored()).as("bit %d", bit).isEqualTo(isOfTheNewest ? 1_000 : 1_001);
      flip(bit);
    }
  }

  @Test
  void saysNothingWhenCutShortAndIsWrittenAnew() throws Exception {
    note(1_000, 1_001);
    Files.write(file(), Arrays.copyOf(Files.readAllBytes(file()), LogReach.SLOT_BYTES - 1));

    assertThat(LogReach.of(directory).noted()).isEmpty();

    note(3);
    assertThat(stored()).isEqualTo(3);
    assertThat(file()).hasSize(2 * LogReach.SLOT_BYTES);
  }

  @Test
  void refusesALogThatEndsEarlier() throws Exception {
    note(9);
    var reach = LogReach.of(directory);

    reach.refuseShorter(9);
    assertThatThrownBy(() -> reach.refuseShorter(8))
        .isInstanceOf(MetadataLogException.class)
        .hasMessageContaining(
            "to reach entry 9, as it did once (log-reach), but it ends at entry 8");
  }

  @Test
  void notesNothingOnceClosed() throws Exception {
    var reach = LogReach.of(directory);
    reach.close();

    reach.note(9);

    assertThat(file()).doesNotExist();
  }

  private void note(long... indexes) throws Exception {
    try (var reach = LogReach.of(directory)) {
      Arrays.stream(indexes).forEach(reach::note);
      reach.force();
    }
  }

  private long stored() throws Exception {
    return LogReach.of(directory).noted().orElseThrow();
  }

  private long slotOf(long index) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(file())).getLong() == index ? 0 : 1;
  }

  private void flip(long bit) throws IOException {
    byte[] bytes = Files.readAllBytes(file());
    bytes[(int) (bit / 8)] ^= (byte) (1 << (bit % 8));
    Files.write(file(), bytes);
  }

  private Path file() {
    return directory.resolve("log-reach");
  }
}
