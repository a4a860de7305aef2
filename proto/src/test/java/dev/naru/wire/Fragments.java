package dev.naru.wire;

import io.grpc.HasByteBuffer;
import io.grpc.KnownLength;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/** A message as gRPC hands it over: in the pieces in which it came, if these can be looked at. */
final class Fragments extends ByteArrayInputStream implements KnownLength, HasByteBuffer {

  private final boolean areVisible;
  private final int bytesOfEach;
  private int emptyAt; // here lies an empty piece, until something beyond it is read

  private Fragments(byte[] bytes, boolean areVisible, int bytesOfEach, int emptyAt) {
    super(bytes);
    this.areVisible = areVisible;
    this.bytesOfEach = bytesOfEach;
    this.emptyAt = emptyAt;
  }

  static InputStream of(byte[] bytes, RandomGenerator random) {
    int bytesOfEach = 1 + random.nextInt(20_000);
    int emptyAt = random.nextInt(4) * bytesOfEach;
    return new Fragments(bytes, random.nextInt(3) > 0, bytesOfEach, emptyAt);
  }

  @Override
  public synchronized int read(byte[] to, int offset, int length) {
    emptyAt = pos == emptyAt ? -1 : emptyAt;
    return super.read(to, offset, length);
  }

  @Override
  public boolean byteBufferSupported() {
    return areVisible;
  }

  @Override
  public ByteBuffer getByteBuffer() {
    if (!areVisible) {
      throw new UnsupportedOperationException("Expected nobody to ask");
    }
    if (pos == emptyAt) {
      return ByteBuffer.allocate(0);
    }
    int end = Math.min(count, pos - pos % bytesOfEach + bytesOfEach);
    return ByteBuffer.wrap(buf, pos, end - pos).asReadOnlyBuffer();
  }
}
