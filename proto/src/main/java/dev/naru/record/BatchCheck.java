package dev.naru.record;

import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.Optional;

/**
 * What bytes must satisfy before they are taken for batches: the frame, then the checksum, then,
 * for what clients send, the rules of the format. Each check relies on those before it. Compressed
 * records are never opened here, and nothing is allocated for bytes that are sound.
 */
public final class BatchCheck {

  /** The most headers that a record may carry. */
  public static final int HEADERS_MAX = 10_000;

  private BatchCheck() {}

  /** Whether the bytes are exactly one batch, of magic 2 and within the limit. */
  public static Optional<Refused> frame(BatchBytes bytes, int bytesMax) {
    if (bytes.size() > bytesMax) {
      return refuse(
          ErrorCode.RECORD_TOO_LARGE,
          "Expected a batch of at most " + bytesMax + " bytes, but was " + bytes.size());
    }
    var refused = frameAt(bytes, 0);
    if (refused.isPresent()) {
      return refused;
    }
    int size = BatchHeader.read(bytes.buffer(), 0).sizeInBytes();
    return size == bytes.size()
        ? Optional.empty()
        : refuse(
            ErrorCode.CORRUPT_RECORD,
            "Expected one batch of " + size + " bytes, but were " + bytes.size());
  }

  /** Whether the bytes are whole batches of magic 2, back to back; none at all is fine. */
  public static Optional<Refused> frames(BatchBytes bytes) {
    int at = 0;
    while (at < bytes.size()) {
      var refused = frameAt(bytes, at);
      if (refused.isPresent()) {
        return refused;
      }
      at += BatchHeader.read(bytes.buffer(), at).sizeInBytes();
    }
    return Optional.empty();
  }

  private static Optional<Refused> frameAt(BatchBytes bytes, int at) {
    int left = bytes.size() - at;
    if (left < BatchHeader.SIZE) {
      return refuse(
          ErrorCode.CORRUPT_RECORD,
          "Expected a batch of at least " + BatchHeader.SIZE + " bytes, but " + left + " are left");
    }
    var header = BatchHeader.read(bytes.buffer(), at);
    if (header.magic() != BatchHeader.MAGIC) { // first: only the magic says what the rest means
      return refuse(
          ErrorCode.UNSUPPORTED_VERSION,
          "Expected magic " + BatchHeader.MAGIC + ", but was " + header.magic());
    }
    int size = header.sizeInBytes();
    return size >= BatchHeader.SIZE && size <= left
        ? Optional.empty()
        : refuse(
            ErrorCode.CORRUPT_RECORD,
            "Expected a batch of " + BatchHeader.SIZE + " to " + left + " bytes, but was " + size);
  }

  /** Whether the bytes of the first batch are those that its producer summed up. */
  public static Optional<Refused> checksum(BatchBytes batch) {
    var header = batch.header();
    int actual = Crc32c.of(batch.buffer(), BatchHeader.ATTRIBUTES, header.sizeInBytes());
    return actual == header.crc()
        ? Optional.empty()
        : refuse(
            ErrorCode.CORRUPT_RECORD,
            "Expected the checksum %08x of the batch with base offset %d, but was %08x"
                .formatted(header.crc(), header.baseOffset(), actual));
  }

  /**
   * Whether a client may send the first batch: nothing in its attributes that only nodes write, as
   * many records as it counts, and each of them sound as far as it can be seen without inflating.
   */
  public static Optional<Refused> clientBatch(BatchBytes batch) {
    var header = batch.header();
    var refused =
        ClientRules.attributes(header)
            .or(() -> ClientRules.counts(header))
            .or(() -> ClientRules.numbers(header));
    return refused.isPresent() || header.compression().orElseThrow() != Compression.NONE
        ? refused
        : ClientRules.records(batch, header);
  }

  /**
   * Whether each record of the first batch has a key, as a compacted topic needs. Opens compressed
   * records, within the limit.
   */
  public static Optional<Refused> keys(BatchBytes batch, InflationLimit limit) {
    try {
      var records = RecordReader.open(batch, limit);
      for (int i = 0; records.advance(); i++) {
        if (!records.hasKey()) {
          return refuse(
              ErrorCode.INVALID_RECORD,
              "Expected a key in every record of a compacted topic, but record %d of the batch has none"
                  .formatted(i));
        }
      }
      return Optional.empty();
    } catch (BatchRefusedException e) {
      return Optional.of(e.refused());
    }
  }

  static Optional<Refused> refuse(ErrorCode code, String reason) {
    return Optional.of(new Refused(code, reason));
  }
}
