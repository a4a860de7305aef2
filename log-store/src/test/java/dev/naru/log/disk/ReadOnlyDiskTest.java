package dev.naru.log.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadOnlyDiskTest {

  @TempDir private Path folder = Path.of("");

  @Test
  void readsWhatIsThere() throws IOException {
    Files.writeString(folder.resolve("file"), "content");
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("file"));

    try (var disk = ReadOnlyDisk.at(folder);
        var file = disk.open("file").orElseThrow()) {
      var read = ByteBuffer.allocate(10);
      assertThat(file.size()).isEqualTo(7);
      assertThat(file.read(read, 3)).isEqualTo(4);
      assertThat(new String(read.array(), 0, 4, StandardCharsets.UTF_8)).isEqualTo("tent");
      assertThat(disk.open("missing")).isEmpty();
      assertThat(disk.open("link")).isEmpty();
      assertThat(disk.list("")).extracting(DiskEntry::name).containsExactly("file", "link");
    }
  }

  @Test
  void changesNothingWhateverIsAsked() throws IOException {
    Files.writeString(folder.resolve("file"), "content");
    try (var disk = ReadOnlyDisk.at(folder);
        var file = disk.open("file").orElseThrow()) {
      Stream.<ThrowingCallable>of(
              disk::lock,
              () -> disk.create("new"),
              () -> disk.makeDirectory("new"),
              () -> disk.rename("file", "new"),
              () -> disk.delete("file"),
              () -> disk.forceDirectory(""),
              disk::forceAll,
              () -> file.write(ByteBuffer.allocate(1), 0),
              () -> file.truncate(0),
              file::force)
          .forEach(change ->
              assertThatThrownBy(change)
                  .isInstanceOf(UnsupportedOperationException.class)
                  .hasMessageContaining("Expected only to read in " + folder));
    }

    assertThat(folder).isDirectoryContaining("glob:**/file").isDirectoryNotContaining("glob:**new");
    assertThat(folder.resolve("file")).hasContent("content");
  }
}
