package dev.naru.wire;

import io.grpc.HasByteBuffer;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Takes bytes out of a stream of gRPC, each one copied once. */
final class ReceivedBytes {

  /** What is copied at a time where there is no other way: small enough to stay in L1. */
  private static final int CHUNK_BYTES = 8 << 10;

  private ReceivedBytes() {}

  /**
   * Fills the buffer; {@code readAllBytes} would not believe the stream's own word, and copy twice.
   */
  static void fill(ByteBuffer to, InputStream from) throws IOException {
    if (to.hasArray()) {
      read(from, to.array(), to.arrayOffset() + to.position(), to.remaining());
      to.position(to.limit());
    } else if (from instanceof HasByteBuffer fragments && fragments.byteBufferSupported()) {
      fromFragments(to, from, fragments);
    } else {
      inChunks(to, from); // gRPC has joined some very small fragments on the heap
    }
  }

  private static void fromFragments(ByteBuffer to, InputStream from, HasByteBuffer fragments)
      throws IOException {
    while (to.hasRemaining()) {
      ByteBuffer fragment = fragments.getByteBuffer();
      if (fragment == null) {
        throw endedEarly(to.remaining());
      }
      int count = Math.min(fragment.remaining(), to.remaining());
      if (count == 0) {
        passEmpty(to, from);
      } else {
        to.put(fragment.limit(fragment.position() + count));
        from.skipNBytes(count);
      }
    }
  }

  /** An empty frame, which a peer may send: nothing can be skipped of it, only read beyond it. */
  private static void passEmpty(ByteBuffer to, InputStream from) throws IOException {
    byte[] next = new byte[1];
    read(from, next, 0, 1);
    to.put(next);
  }

  private static void inChunks(ByteBuffer to, InputStream from) throws IOException {
    byte[] chunk = new byte[Math.min(CHUNK_BYTES, to.remaining())];
    while (to.hasRemaining()) {
      int count = Math.min(chunk.length, to.remaining());
      read(from, chunk, 0, count);
      to.put(chunk, 0, count);
    }
  }

  private static void read(InputStream from, byte[] to, int offset, int length) throws IOException {
    int count = from.readNBytes(to, offset, length);
    if (count < length) {
      throw endedEarly(length - count);
    }
  }

  private static EOFException endedEarly(int missing) {
    return new EOFException("Expected " + missing + " more bytes, but the stream ended");
  }
}
