package dev.naru.testing.history;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads one history once, with one buffer; stops where the client was killed. */
final class HistoryReader {

  private final Path path;
  private final FileChannel file;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(HistoryFile.BUFFER_BYTES).limit(0);
  private final List<Optional<PartitionName>> partitions = new ArrayList<>(); // by number

  HistoryReader(Path path, FileChannel file) {
    this.path = path;
    this.file = file;
  }

  void forEach(Consumer<? super Operation> to) throws IOException {
    if (!isThere(HistoryLayout.ENTRY_BYTES)) {
      return; // killed before it wrote anything
    }
    expect(HistoryLayout.isHeader(buffer, buffer.position()), "a history");
    skip(HistoryLayout.ENTRY_BYTES);
    while (isThere(HistoryLayout.ENTRY_BYTES)) {
      int at = buffer.position();
      byte kind = buffer.get(at);
      if (kind == HistoryLayout.END) {
        return;
      }
      if (kind == HistoryLayout.DEFINITION) {
        if (!define()) {
          return;
        }
      } else {
        to.accept(HistoryLayout.get(buffer, at, partition(kind, at)));
        skip(HistoryLayout.ENTRY_BYTES);
      }
    }
  }

  private Optional<PartitionName> partition(byte kind, int at) {
    if (!HistoryLayout.namesPartition(kind)) {
      return Optional.empty();
    }
    int number = HistoryLayout.number(buffer, at);
    expect(number >= 0 && number < partitions.size(), "a partition that was defined");
    return partitions.get(number);
  }

  /** False if the file ends within it. */
  private boolean define() throws IOException {
    int bytes = HistoryLayout.ENTRY_BYTES + HistoryLayout.nameBytes(buffer, buffer.position());
    if (!isThere(bytes)) {
      return false;
    }
    int number = HistoryLayout.number(buffer, buffer.position());
    expect(number == partitions.size(), "definition " + partitions.size());
    partitions.add(Optional.of(HistoryLayout.defined(buffer, buffer.position())));
    skip(bytes);
    return true;
  }

  private boolean isThere(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      buffer.compact();
      while (buffer.position() < bytes && file.read(buffer) >= 0) {
        // until there is enough, or no more
      }
      buffer.flip();
    }
    return buffer.remaining() >= bytes;
  }

  private void skip(int bytes) {
    buffer.position(buffer.position() + bytes);
  }

  private void expect(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("Expected %s in %s".formatted(what, path));
    }
  }
}
