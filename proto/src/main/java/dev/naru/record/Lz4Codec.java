package dev.naru.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;

/**
 * One LZ4 frame a batch, little-endian, its descriptor as Kafka writes it:
 *
 * <pre>
 * 04 22 4d 18   flags = 60 (version 1, independent blocks)   largest block = 40 (64 KiB)   hash of both
 * then any number of   block length (int, top bit: stored as it was)   block
 * then 00 00 00 00
 * </pre>
 *
 * Frames of others may also carry the content's size and checksums of blocks or of the whole; those
 * are checked. Blocks that depend on the one before, and dictionaries, are refused, as Kafka does.
 */
final class Lz4Codec implements Codec {

  private static final int MAGIC = 0x184d2204;
  private static final int FLAGS = 0x60;
  private static final int BLOCK_SIZE_CODE = 0x40;
  private static final int BLOCK_BYTES = 64 << 10;
  private static final int STORED = 0x80000000;

  private static final LZ4Factory LIBRARY = LZ4Factory.fastestInstance();
  private static final LZ4SafeDecompressor DECOMPRESSOR = LIBRARY.safeDecompressor();
  private static final XXHash32 HASH = XXHashFactory.fastestInstance().hash32();

  private final LZ4Compressor compressor;

  /** Kafka's levels: its default is the fast compressor, whatever the number says. */
  Lz4Codec(int level) {
    this.compressor =
        level == Compression.LZ4.levelByDefault()
            ? LIBRARY.fastCompressor()
            : LIBRARY.highCompressor(level);
  }

  @Override
  public void deflate(byte[] source, int from, int end, GrowingBytes target) {
    byte[] descriptor = {FLAGS, BLOCK_SIZE_CODE};
    writeInt(target, MAGIC);
    target.write(descriptor, 0, 2);
    target.write(descriptorHash(ByteBuffer.wrap(descriptor), 0, 2));
    for (int at = from; at < end; at += BLOCK_BYTES) {
      deflateBlock(source, at, Math.min(BLOCK_BYTES, end - at), target);
    }
    writeInt(target, 0);
  }

  private void deflateBlock(byte[] source, int from, int length, GrowingBytes target) {
    target.ensureRoom(Integer.BYTES + compressor.maxCompressedLength(length));
    int block = target.size() + Integer.BYTES;
    int written = compressor.compress(source, from, length, target.array(), block);
    if (written < length) {
      writeInt(target, written);
      target.wrote(written);
    } else {
      writeInt(target, length | STORED);
      target.write(source, from, length);
    }
  }

  private static void writeInt(GrowingBytes target, int value) {
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      target.write(value >>> shift);
    }
  }

  @Override
  public void inflate(byte[] source, int from, int end, GrowingBytes target) throws IOException {
    var frame = ByteBuffer.wrap(source, from, end - from).order(ByteOrder.LITTLE_ENDIAN);
    var descriptor = Descriptor.read(frame);
    int start = target.size();
    for (int length = frame.getInt(); length != 0; length = frame.getInt()) {
      inflateBlock(frame, length, descriptor, target);
    }
    if (descriptor.contentHash()) {
      int hash = HASH.hash(target.array(), start, target.size() - start, 0);
      expect(hash == frame.getInt(), "a content that matches its hash");
    }
    expect(
        descriptor.contentBytes() < 0 || descriptor.contentBytes() == target.size() - start,
        "as many bytes as the frame promised");
    expect(!frame.hasRemaining(), "nothing after the frame");
  }

  private static void inflateBlock(
      ByteBuffer frame, int lengthField, Descriptor descriptor, GrowingBytes target)
      throws IOException {
    int length = lengthField & ~STORED;
    expect(
        length <= frame.remaining() && length <= descriptor.blockBytesMax(), "a block that fits");
    int from = frame.position();
    frame.position(from + length);
    expect(
        !descriptor.blockHash() || HASH.hash(frame, from, length, 0) == frame.getInt(),
        "a block that matches its hash");
    if ((lengthField & STORED) != 0) {
      target.ensureRoom(length);
      frame.get(from, target.array(), target.size(), length);
      target.wrote(length);
    } else {
      inflateInto(target, descriptor.blockBytesMax(), frame, from, length);
    }
  }

  private static void inflateInto(
      GrowingBytes target, int blockBytesMax, ByteBuffer frame, int from, int length) {
    int room = target.makeRoomUpTo(blockBytesMax);
    var to = ByteBuffer.wrap(target.array());
    try {
      target.wrote(DECOMPRESSOR.decompress(frame, from, length, to, target.size(), room));
    } catch (LZ4Exception e) { // malformed and too large look alike to the library
      throw room < blockBytesMax ? target.tooLarge() : e;
    }
  }

  private static int descriptorHash(ByteBuffer bytes, int from, int end) {
    return (HASH.hash(bytes, from, end - from, 0) >>> 8) & 0xff;
  }

  private static void expect(boolean holds, String what) throws IOException {
    if (!holds) {
      throw new IOException("Expected " + what + " in the LZ4 frame, but it is not so");
    }
  }

  /** What the head of a frame says; {@code contentBytes} is negative when it does not say. */
  private record Descriptor(
      int blockBytesMax, boolean blockHash, boolean contentHash, long contentBytes) {

    private static final int VERSION_BITS = 0xc0;
    private static final int VERSION = 0x40;
    private static final int INDEPENDENT_BLOCKS = 0x20;
    private static final int BLOCK_HASH = 0x10;
    private static final int CONTENT_SIZE = 0x08;
    private static final int CONTENT_HASH = 0x04;
    private static final int RESERVED_OR_DICTIONARY = 0x03;
    private static final int BLOCK_SIZE_RESERVED = 0x8f;
    private static final int BLOCK_SIZE_LEAST = 4;

    static Descriptor read(ByteBuffer frame) throws IOException {
      expect(frame.getInt() == MAGIC, "the magic number");
      int start = frame.position();
      int flags = frame.get();
      int blockSize = frame.get();
      expect((flags & VERSION_BITS) == VERSION, "version 1");
      expect((flags & INDEPENDENT_BLOCKS) != 0, "independent blocks");
      expect((flags & RESERVED_OR_DICTIONARY) == 0, "no dictionary");
      expect((blockSize & BLOCK_SIZE_RESERVED) == 0, "no reserved bits");
      int sizeCode = blockSize >>> 4;
      expect(sizeCode >= BLOCK_SIZE_LEAST, "a known block size");
      long contentBytes = (flags & CONTENT_SIZE) != 0 ? frame.getLong() & Long.MAX_VALUE : -1;
      int hash = descriptorHash(frame, start, frame.position());
      expect(hash == (frame.get() & 0xff), "a descriptor that matches its hash");
      return new Descriptor(
          1 << (8 + 2 * sizeCode),
          (flags & BLOCK_HASH) != 0,
          (flags & CONTENT_HASH) != 0,
          contentBytes);
    }
  }
}
