package dev.naru.simulation.invariant;

import dev.naru.record.BatchHeader;

/** A stored batch: its place, who appended it, and what it holds. Equal marks mean equal bytes. */
public record BatchMark(long base, long next, int epoch, int crc, int bytes) {

  public static BatchMark of(BatchHeader header) {
    return new BatchMark(
        header.baseOffset(),
        header.nextOffset(),
        header.leaderEpoch(),
        header.crc(),
        header.sizeInBytes());
  }

  @Override
  public String toString() {
    return "[%d,%d) of epoch %d, checksum %08x".formatted(base, next, epoch, crc);
  }
}
