package dev.naru.bench.versus.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcFilesTest {

  @TempDir private Path root = Path.of("");

  @BeforeEach
  void writeFiles() throws IOException {
    write("stat", "cpu  1000 20 300 9000 50 6 7 80 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n");
    write("7/stat", "7 (a) b) (c) S 1 7 7 0 -1 0 0 0 0 0 200 50 30 20 20 0 1 0 5 0 0\n");
    write("7/status", "Name:\tx\nVmRSS:\t    2048 kB\n");
    write("2/stat", "2 (kthreadd) S 0 0 0 0 -1 0 0 0 0 0 1 1 0 0 20 0 1 0 5 0 0\n");
    write("9/stat", "9 (kworker/u4:1) I 2 0 0 0 -1 0 0 0 0 0 0 150 0 0 20 0 1 0 5 0 0\n");
  }

  private void write(String name, String text) throws IOException {
    var file = root.resolve(name);
    Files.createDirectories(file.resolve("..").normalize());
    Files.writeString(file, text);
  }

  @Test
  void readsTheTimeOfAProcessWhateverItsName() {
    var proc = new ProcFiles(root);

    assertThat(proc.cpuSeconds(7, false)).hasValue(2.5);
    assertThat(proc.cpuSeconds(7, true)).hasValue(3);
    assertThat(proc.cpuSeconds(8, true)).isEmpty();
  }

  @Test
  void countsWhatTheHostTookAsBusyAndInterruptsAsNobodys() {
    assertThat(new ProcFiles(root).busySeconds()).isEqualTo(14);
  }

  @Test
  void knowsTheThreadsOfTheKernel() {
    assertThat(new ProcFiles(root).kernelThreadSeconds()).isEqualTo(1.5);
  }

  @Test
  void readsResidentMemory() {
    assertThat(new ProcFiles(root).residentBytes(7)).hasValue(2 << 20);
  }
}
