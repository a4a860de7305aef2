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

  private Fragments(byte[] bytes, boolean areVisible, int bytesOfEach) {
    super(bytes);
    this.areVisible = areVisible;
    this.bytesOfEach = bytesOfEach;
  }

  static InputStream of(byte[] bytes, RandomGenerator random) {
    return new Fragments(bytes, random.nextInt(3) > 0, 1 + random.nextInt(20_000));
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
    int end = Math.min(count, pos - pos % bytesOfEach + bytesOfEach);
    return ByteBuffer.wrap(buf, pos, end - pos).asReadOnlyBuffer();
  }
}
