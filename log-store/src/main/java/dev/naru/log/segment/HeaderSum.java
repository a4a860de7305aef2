package dev.naru.log.segment;

import dev.naru.record.BatchHeader;

/**
 * Sums up the batch headers of a segment: base offset, size, leader epoch and checksum of each,
 * mixed to 64 bits, and added. Being a sum it can go on from any point, and a cut can take away
 * what it cuts. With the checksums of the batches it tells this segment from any other of the same
 * offsets and length.
 */
public final class HeaderSum {

  private HeaderSum() {}

  /** What one batch adds. */
  public static long of(BatchHeader header) {
    long mixed = mix(header.baseOffset());
    mixed = mix(mixed ^ ((long) header.batchLength() << Integer.SIZE | header.leaderEpoch()));
    return mix(mixed ^ header.crc());
  }

  /** The finalizer of SplitMix64: every bit of the input changes half the bits of the output. */
  private static long mix(long z) {
    long a = (z + 0x9e3779b97f4a7c15L) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
    return b ^ (b >>> 31);
  }
}
