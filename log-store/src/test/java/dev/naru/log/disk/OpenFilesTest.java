package dev.naru.log.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.log.disk.OpenFiles.Recognition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenFilesTest {

  private final CrashableDisk memory = CrashableDisk.empty();
  private final FaultyDisk disk = new FaultyDisk(memory);
  private final List<String> opened = new ArrayList<>();
  private final OpenFiles files = new OpenFiles(disk, 2);

  OpenFilesTest() {
    for (String name : List.of("a", "b", "c")) {
      memory.create(name).write(ByteBuffer.wrap(name.getBytes(StandardCharsets.UTF_8)), 0);
    }
    disk.failWhen((operation, name) -> {
      if (operation == FaultyDisk.Operation.OPEN) {
        opened.add(name);
      }
      return Optional.empty();
    });
  }

  private char read(String name) {
    var one = ByteBuffer.allocate(1);
    return files.read(name, one, 0).orElse(0) == 1 ? (char) one.get(0) : ' ';
  }

  @Test
  void keepsOpenWhatWasUsedLast() {
    assertThat("" + read("a") + read("b") + read("a") + read("c")).isEqualTo("abac");
    assertThat(opened).containsExactly("a", "b", "c");

    read("a");
    assertThat(opened).hasSize(3);
    read("b");
    assertThat(opened).containsExactly("a", "b", "c", "b");
  }

  @Test
  void aFileThatIsGoneIsEmptyAndItsNameMayBeAnothersLater() {
    assertThat(read("a")).isEqualTo('a');
    memory.rename("a", "moved");
    files.forget("a");

    assertThat(files.read("a", ByteBuffer.allocate(1), 0)).isEmpty();
    memory.rename("b", "a");
    assertThat(read("a")).isEqualTo('b');
  }

  /**
   * A segment's file was looked at by a reader of the log as it is; another still means the old.
   */
  @Test
  void whoMeansAnotherFileOfTheNameIsNotServedAfterOneWhoMeansThisOne() {
    Recognition itIs = _ -> Optional.empty();
    Recognition itIsNot = _ -> Optional.of("it is another");
    files.read("a", ByteBuffer.allocate(1), 0, itIs);

    assertThatThrownBy(() -> files.read("a", ByteBuffer.allocate(1), 0, itIsNot))
        .isInstanceOf(UnreadableException.class)
        .hasMessageContaining("it is another");
  }

  /** An interrupt closes the channel under its reader, and under all that share it. */
  @Test
  void anInterruptedReaderReadsAndHarmsNobody(@TempDir Path root) {
    var real = NioDisk.at(root);
    try (var file = real.create("a");
        var shared = new OpenFiles(real, 2)) {
      file.write(ByteBuffer.wrap(new byte[] {7}), 0);
      var one = ByteBuffer.allocate(1);
      assertThat(shared.read("a", one, 0)).hasValue(1);

      Thread.currentThread().interrupt();
      boolean wasRead = shared.read("a", one.clear(), 0).equals(OptionalInt.of(1));
      boolean isInterrupted = Thread.interrupted();

      assertThat(wasRead).isTrue();
      assertThat(isInterrupted).isTrue();
      assertThat(shared.read("a", one.clear(), 0)).hasValue(1);
      assertThat(one.get(0)).isEqualTo((byte) 7);
    }
  }

  @Test
  void forgetsAllOfADirectory() {
    memory.makeDirectory("d");
    memory.rename("a", "d/a");
    assertThat(read("d/a")).isEqualTo('a');
    memory.rename("d", "e");
    files.forget("d");

    assertThat(read("d/a")).isEqualTo(' ');
    assertThat(read("e/a")).isEqualTo('a');
  }
}
