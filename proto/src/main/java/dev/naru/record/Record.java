package dev.naru.record;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * One record as it was read. Absent and empty are different for keys and for values. The buffers
 * are read-only views of the batch they came from.
 *
 * @param timestamp milliseconds of the epoch, by the clock that the batch's {@link TimestampType}
 *     names
 */
@SuppressWarnings(
    "JavaLangClash") // the word of the trade, and java.lang.Record is never written out
public record Record(
    long offset,
    long timestamp,
    Optional<ByteBuffer> key,
    Optional<ByteBuffer> value,
    List<RecordHeader> headers) {}
