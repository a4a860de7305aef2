package dev.naru.record;

/** Records as they are. */
final class NoCodec implements Codec {

  @Override
  public void deflate(byte[] source, int from, int end, GrowingBytes target) {
    target.write(source, from, end - from);
  }

  @Override
  public void inflate(byte[] source, int from, int end, GrowingBytes target) {
    target.write(source, from, end - from);
  }
}
