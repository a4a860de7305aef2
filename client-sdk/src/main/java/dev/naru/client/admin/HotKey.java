package dev.naru.client.admin;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A key that many records of a partition have.
 *
 * @param hash of its bytes, as {@link dev.naru.record.Murmur2#hash64} has it
 * @param key its first 64 bytes, read-only; absent unless its producers report keys in plain
 * @param share of the partition's records, 0 to 1: not above the truth but for the chance of a
 *     sample
 */
public record HotKey(long hash, Optional<ByteBuffer> key, double share) {

  /** The hash in sixteen digits. */
  public String hashText() {
    return HexFormat.of().toHexDigits(hash);
  }
}
