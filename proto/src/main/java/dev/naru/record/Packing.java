package dev.naru.record;

import java.util.Comparator;
import java.util.stream.Stream;

/**
 * How the records that are left of a batch are compressed: as they were, unless the batch would
 * become too large. Fewer records can take more bytes: another compressor may have done better,
 * times that were near each other may be far from a new base, and what is left may shrink by more
 * than readers allow, so that it has to be compressed less. Then it is the smallest that every
 * reader opens.
 *
 * @param codec how it is compressed
 * @param bytes behind the place of a header
 */
record Packing(Compression codec, GrowingBytes bytes) {

  /** No limit of a batch's size is lower in all of a cluster, whatever the batch was before. */
  private static final int HARMLESS_BYTES = 1 << 20;

  private static final InflationLimit LIMIT = InflationLimit.DEFAULT;

  /**
   * The best for these records, which are behind the place of a header.
   *
   * @param codec how they were compressed
   * @param bytesBefore what they took, with more records between them
   */
  static Packing of(GrowingBytes records, Compression codec, int bytesBefore) {
    var asBefore = by(codec, records);
    return asBefore.opensAs(records) && asBefore.size() <= Math.max(bytesBefore, HARMLESS_BYTES)
        ? asBefore
        : Stream.of(asBefore, by(Compression.GZIP, records), hardly(records), not(records))
            .filter(each -> each.opensAs(records))
            .min(Comparator.comparingInt(Packing::size))
            .orElseThrow();
  }

  private static Packing by(Compression codec, GrowingBytes records) {
    return codec == Compression.NONE
        ? not(records)
        : new Packing(
            codec,
            codec.deflate(records.array(), BatchHeader.SIZE, records.size(), BatchHeader.SIZE));
  }

  private static Packing not(GrowingBytes records) {
    return new Packing(Compression.NONE, records);
  }

  /** To no less than an eighth: every reader allows as much. */
  private static Packing hardly(GrowingBytes records) {
    var target =
        new GrowingBytes(records.size() / 8, BatchHeader.SIZE, Compression.ARRAY_BYTES_MAX);
    GzipCodec.deflateByCodesOnly(records.array(), BatchHeader.SIZE, records.size(), target);
    return new Packing(Compression.GZIP, target);
  }

  private boolean opensAs(GrowingBytes records) {
    return codec == Compression.NONE
        || records.size() - BatchHeader.SIZE <= LIMIT.bytesMaxOf(size() - BatchHeader.SIZE);
  }

  /** With the header. */
  int size() {
    return bytes.size();
  }
}
