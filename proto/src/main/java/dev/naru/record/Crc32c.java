package dev.naru.record;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC-32C (Castagnoli), the checksum of a batch. */
public final class Crc32c {

  private Crc32c() {}

  /** The checksum of the bytes between the two positions; the buffer's own position stays. */
  public static int of(ByteBuffer bytes, int from, int end) {
    var crc = new CRC32C();
    crc.update(bytes.duplicate().limit(end).position(from));
    return (int) crc.getValue();
  }
}
