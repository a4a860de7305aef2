package dev.naru.client;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes as they are. */
final class BytesCodec implements Codec<byte[]> {

  @Override
  public ByteBuffer encode(byte[] value) {
    return ByteBuffer.wrap(value);
  }

  @Override
  public byte[] encodeToArray(byte[] value) {
    return value;
  }

  @Override
  public byte[] decode(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return copy;
  }

  @Override
  public byte[] decode(byte[] bytes, int from, int length) {
    return Arrays.copyOfRange(bytes, from, from + length);
  }
}
