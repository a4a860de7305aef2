package dev.naru.wire;

import dev.naru.record.BatchBytes;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * An encoded message on its way into gRPC: a few bytes of header, then the batches where they lie.
 */
final class BatchStream extends InputStream implements KnownLength, Drainable {

  /**
   * What is copied at a time, since an OutputStream takes no buffer: small enough to stay in L1.
   */
  private static final int CHUNK_BYTES = 8 << 10;

  private final ByteBuffer header;
  private final ByteBuffer batches;

  BatchStream(ByteBuffer header, BatchBytes batches) {
    this.header = header;
    this.batches = batches.asByteBuffer();
  }

  @Override
  public int available() {
    return header.remaining() + batches.remaining();
  }

  @Override
  public int read() {
    ByteBuffer from = header.hasRemaining() ? header : batches;
    return from.hasRemaining() ? from.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] to, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    ByteBuffer from = header.hasRemaining() ? header : batches;
    int count = Math.min(length, from.remaining());
    from.get(to, offset, count);
    return count > 0 ? count : -1;
  }

  @Override
  public int drainTo(OutputStream target) throws IOException {
    int count = available();
    drain(header, target);
    drain(batches, target);
    return count;
  }

  private static void drain(ByteBuffer from, OutputStream target) throws IOException {
    byte[] chunk = new byte[Math.min(CHUNK_BYTES, from.remaining())];
    while (from.hasRemaining()) {
      int count = Math.min(chunk.length, from.remaining());
      from.get(chunk, 0, count);
      target.write(chunk, 0, count);
    }
  }
}
