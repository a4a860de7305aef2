package dev.naru.testing.history;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The history of one client in a file, appended to and never changed: 40 bytes an operation, and a
 * buffer of {@value #BUFFER_BYTES} bytes whatever the client does. What was flushed survives the
 * kill of the client; what was not is missing at the end, and {@link History#isWhole} says so.
 *
 * <p>Two threads write to it, the one that sends and the one that is told of acknowledgements.
 */
public final class HistoryFile implements Closeable {

  static final int BUFFER_BYTES = 64 << 10;

  private final FileChannel file;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES); // guarded by this
  private final Map<PartitionName, Integer> numbers = new HashMap<>(); // guarded by this

  private HistoryFile(FileChannel file) {
    this.file = file;
  }

  /** A new file; one that is there already is an error. */
  public static HistoryFile create(Path path) {
    try {
      var history =
          new HistoryFile(
              FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
      HistoryLayout.putHeader(history.buffer);
      history.flush();
      return history;
    } catch (IOException e) {
      throw new UncheckedIOException("Could not begin the history " + path, e);
    }
  }

  /** Adds an operation. It is safe after the next {@link #flush}, or when the buffer is full. */
  public synchronized void append(Operation operation) {
    int number = 0;
    var partition = HistoryLayout.partitionOf(operation);
    if (partition.isPresent()) {
      number = numbers.computeIfAbsent(partition.get(), this::define);
    }
    makeRoom(HistoryLayout.ENTRY_BYTES);
    HistoryLayout.put(operation, number, buffer);
  }

  private int define(PartitionName partition) {
    int number = numbers.size();
    var definition = HistoryLayout.definition(partition, number);
    makeRoom(definition.remaining());
    buffer.put(definition);
    return number;
  }

  private void makeRoom(int bytes) {
    if (buffer.remaining() < bytes) {
      flush();
    }
  }

  /** Hands everything to the operating system, so that the end of this process takes nothing. */
  public synchronized void flush() {
    buffer.flip();
    try {
      while (buffer.hasRemaining()) {
        file.write(buffer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Could not write a history", e);
    }
    buffer.clear();
  }

  /** The client has ended as it should. */
  @Override
  public synchronized void close() {
    if (!file.isOpen()) {
      return;
    }
    makeRoom(HistoryLayout.ENTRY_BYTES);
    HistoryLayout.putEnd(buffer);
    flush();
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Could not close a history", e);
    }
  }

  /** The history in this file, named like it; of a client that was killed, as far as it goes. */
  public static History read(Path path) {
    return new Stored(path);
  }

  private record Stored(Path path) implements History {

    @Override
    public String name() {
      return String.valueOf(path.getFileName());
    }

    @Override
    public boolean isWhole() {
      return HistoryLayout.endsWhole(path);
    }

    @Override
    public void replay(Consumer<? super Operation> to) {
      try (var file = FileChannel.open(path)) {
        new HistoryReader(path, file).forEach(to);
      } catch (IOException e) {
        throw new UncheckedIOException("Could not read the history " + path, e);
      }
    }
  }
}
