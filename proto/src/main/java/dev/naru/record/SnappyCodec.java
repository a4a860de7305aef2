package dev.naru.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.xerial.snappy.Snappy;

/**
 * Snappy in the framing of snappy-java's streams, as Kafka has it, big-endian:
 *
 * <pre>
 * 82 53 4e 41 50 50 59 00   version = 1 (int)   oldest reader's version = 1 (int)
 * then any number of   block length (int)   raw snappy block of at most 32 KiB inflated
 * </pre>
 *
 * Some clients write one raw block without framing; that is read too. The framing is read here and
 * not by the library's stream, because that one allocates whatever length a block claims to have.
 */
final class SnappyCodec implements Codec {

  private static final long MAGIC = 0x82534e4150505900L;
  private static final int VERSION = 1;
  private static final int FRAME_BYTES = 16;
  private static final int BLOCK_BYTES = 32 << 10;

  @Override
  public void deflate(byte[] source, int from, int end, GrowingBytes target) throws IOException {
    byte[] frame = new byte[FRAME_BYTES];
    ByteBuffer.wrap(frame).putLong(MAGIC).putInt(VERSION).putInt(VERSION);
    target.write(frame, 0, FRAME_BYTES);
    for (int at = from; at < end; at += BLOCK_BYTES) {
      int length = Math.min(BLOCK_BYTES, end - at);
      target.ensureRoom(Integer.BYTES + Snappy.maxCompressedLength(length));
      int block = target.size() + Integer.BYTES;
      int written = Snappy.compress(source, at, length, target.array(), block);
      ByteBuffer.wrap(target.array()).putInt(target.size(), written);
      target.wrote(Integer.BYTES + written);
    }
  }

  @Override
  public void inflate(byte[] source, int from, int end, GrowingBytes target) throws IOException {
    var bytes = ByteBuffer.wrap(source, from, end - from);
    if (bytes.remaining() < FRAME_BYTES || bytes.getLong(from) != MAGIC) {
      inflateBlock(source, from, end - from, target);
      return;
    }
    bytes.position(from + FRAME_BYTES);
    while (bytes.hasRemaining()) {
      int length = bytes.getInt();
      if (length < 0 || length > bytes.remaining()) {
        throw new IOException(
            "Expected a block of at most " + bytes.remaining() + " bytes, but was " + length);
      }
      inflateBlock(source, bytes.position(), length, target);
      bytes.position(bytes.position() + length);
    }
  }

  private static void inflateBlock(byte[] source, int from, int length, GrowingBytes target)
      throws IOException {
    int inflated = Snappy.uncompressedLength(source, from, length);
    if (inflated < 0) {
      throw new IOException("Expected a block of less than 2 GiB inflated, but was " + inflated);
    }
    target.ensureRoom(inflated);
    target.wrote(Snappy.uncompress(source, from, length, target.array(), target.size()));
  }
}
