package dev.naru.log.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostMemoryTest {

  @TempDir Path folder;

  @Test
  void isWhatLinuxCallsAvailable() throws IOException {
    var meminfo = folder.resolve("meminfo");
    Files.writeString(meminfo, "MemTotal:  100 kB\nMemAvailable:    42 kB\nBuffers: 1 kB\n");

    assertThat(HostMemory.availableBytes(meminfo)).isEqualTo(42 * 1024);
  }

  @Test
  void isNoNumberWhereNobodySays() throws IOException {
    assertThat(HostMemory.availableBytes(folder.resolve("none"))).isNaN();
    assertThat(HostMemory.availableBytes(Files.writeString(folder.resolve("other"), "MemFree: 1")))
        .isNaN();
  }
}
