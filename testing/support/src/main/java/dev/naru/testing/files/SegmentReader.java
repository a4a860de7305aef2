package dev.naru.testing.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/** One segment, batch by batch: no more than one is held. Refuses whatever is not as drawn. */
final class SegmentReader implements Closeable {

  private static final int BUFFER_BYTES_MAX = 256 << 10;

  private final Path path;
  private final FileChannel file;
  private final long size;
  private final ByteBuffer buffer;
  private long position; // in the file, of what the buffer gives next

  private SegmentReader(Path path, FileChannel file) throws IOException {
    this.path = path;
    this.file = file;
    this.size = file.size();
    this.buffer = ByteBuffer.allocate(Math.clamp(size, 1, BUFFER_BYTES_MAX)).limit(0);
  }

  static SegmentReader open(Path path) throws IOException {
    return new SegmentReader(path, FileChannel.open(path));
  }

  /** The next batch; empty at the end of the file, which must be the end of a batch. */
  Optional<StoredBatch> next() throws IOException {
    if (position == size) {
      return Optional.empty();
    }
    long at = position;
    long left = size - at;
    expect(left >= StoredBatch.HEADER_BYTES, "a batch's header, but the file ends", at);
    fill(StoredBatch.HEADER_BYTES);
    long batchSize = StoredBatch.size(buffer, buffer.position());
    expect(batchSize >= StoredBatch.HEADER_BYTES && batchSize <= left, "a whole batch", at);
    var bytes = take((int) batchSize);
    try {
      return Optional.of(StoredBatch.of(bytes));
    } catch (NotAsDrawnException e) {
      throw new NotAsDrawnException("%s at byte %d of %s".formatted(e.getMessage(), at, path));
    }
  }

  private void fill(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      buffer.compact();
      while (buffer.position() < bytes) {
        expect(file.read(buffer) >= 0, bytes + " bytes, but the file ends", position);
      }
      buffer.flip();
    }
  }

  private ByteBuffer take(int bytes) throws IOException {
    var taken = ByteBuffer.allocate(bytes);
    int buffered = Math.min(bytes, buffer.remaining());
    taken.put(buffer.slice(buffer.position(), buffered));
    buffer.position(buffer.position() + buffered);
    while (taken.hasRemaining()) {
      expect(file.read(taken) >= 0, bytes + " bytes, but the file ends", position);
    }
    position += bytes;
    return taken.clear();
  }

  private void expect(boolean holds, String what, long at) {
    if (!holds) {
      throw new NotAsDrawnException(what, at, path);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
