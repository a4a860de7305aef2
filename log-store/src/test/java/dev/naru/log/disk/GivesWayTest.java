package dev.naru.log.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class GivesWayTest {

  private static final Path OF_THIS_THREAD = Path.of("/proc/thread-self/stat");
  private static final int NICE_FIELD = 19; // as in the manual, numbered from 1
  private static final int STATE_FIELD = 3; // the first one after the name

  @Test
  void theCallingThreadDoesAndNoOther() {
    assumeThat(LibC.isUsable()).isTrue();
    int before = nice();
    var after = new CompletableFuture<Integer>();

    Thread.ofPlatform()
        .start(() -> {
          GivesWay.here();
          after.complete(nice());
        });

    assertThat(after.join()).isGreaterThan(before);
    assertThat(nice()).isEqualTo(before);
  }

  private static int nice() {
    try {
      String stat = Files.readString(OF_THIS_THREAD);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Integer.parseInt(fields[NICE_FIELD - STATE_FIELD]);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
