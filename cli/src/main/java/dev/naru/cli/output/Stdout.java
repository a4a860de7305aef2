package dev.naru.cli.output;

import dev.naru.cli.CommandFailure;
import dev.naru.types.ErrorCode;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Where data goes, and nothing else. Buffered; used by one thread at a time. */
public final class Stdout {

  private static final int BUFFER_BYTES = 64 << 10;

  private final OutputStream stream;

  /** Writes to this stream. */
  public Stdout(OutputStream stream) {
    this.stream = new BufferedOutputStream(stream, BUFFER_BYTES);
  }

  /** Not System.out, which keeps silent about errors. */
  public static Stdout ofProcess() {
    return new Stdout(new FileOutputStream(FileDescriptor.out));
  }

  /** Bytes as they are. */
  public void write(byte[] bytes) {
    write(bytes, bytes.length);
  }

  /** The first of these bytes as they are. */
  public void write(byte[] bytes, int length) {
    try {
      stream.write(bytes, 0, length);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Text and a line break. */
  public void line(String text) {
    print(text);
    print("\n");
  }

  /** Text. */
  public void print(String text) {
    write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Hands everything to the reader. */
  public void flush() {
    try {
      stream.flush();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private static RuntimeException failure(IOException e) {
    String message = Optional.ofNullable(e.getMessage()).orElse(e.toString());
    return message.contains("Broken pipe")
        ? new StdoutClosedException(e)
        : CommandFailure.of(
            ErrorCode.STORAGE_FAILED, "Expected to write to stdout, but: " + message);
  }
}
