package dev.naru.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code testing/system/roll-retain} runs it alone, and prints what it measured. */
class RollRetainTest {

  private static final Path REPORT = Path.of("target", "roll-retain.txt");

  @TempDir Path directory;

  @Test
  @Tag("A-11")
  void segmentsAreClosedDeletedAndCompactedAsTheirTopicSays() throws IOException {
    var report = new RollRetain().run(directory);

    System.out.println(report);
    Files.writeString(REPORT, report + "\n");
    assertThat(report.segments()).isGreaterThan(60);
    assertThat(report.oversize()).isZero();
    assertThat(report.duplicateKeysClean()).isZero();
    assertThat(report.activeTouched()).isZero();
    assertThat(report.replicasEqual()).isTrue();
  }
}
