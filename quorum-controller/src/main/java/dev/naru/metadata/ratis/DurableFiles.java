package dev.naru.metadata.ratis;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes whole files so that a power cut leaves the old one or the new one, never half of one. */
final class DurableFiles {

  private static final int BUFFER_BYTES = 1 << 16;

  private DurableFiles() {}

  /** What goes into a file. */
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  static void replace(Path file, byte[] content) throws IOException {
    replace(file, out -> out.write(content));
  }

  static void replace(Path file, Content content) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      try (var stream = new FileOutputStream(temporary.toFile());
          var out = new BufferedOutputStream(stream, BUFFER_BYTES)) {
        content.writeTo(out);
        out.flush();
        stream.getFD().sync();
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary); // does nothing after the move
    }
    forceDirectory(file);
  }

  /** Makes names in the file's directory durable. */
  static void forceDirectory(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
