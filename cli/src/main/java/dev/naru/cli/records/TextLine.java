package dev.naru.cli.records;

import dev.naru.cli.CommandFailure;
import dev.naru.client.ProducerRecord;
import dev.naru.record.RecordHeader;
import dev.naru.types.ErrorCode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A line whose bytes are the value, or key and value with a separator between them.
 *
 * @param keySeparator the first one in a line ends its key
 * @param key the key of all records, if no line has one
 * @param nullText a key or value of these bytes is sent as null
 */
public record TextLine(
    String topic,
    Optional<byte[]> keySeparator,
    Optional<byte[]> key,
    Optional<byte[]> nullText,
    OptionalInt partition,
    List<RecordHeader> headers)
    implements RecordShape {

  /** Refuses two sources of keys. */
  public TextLine {
    if (keySeparator.isPresent() && key.isPresent()) {
      throw CommandFailure.usage("Expected --key or --key-separator, but both were given");
    }
    if (keySeparator.filter(separator -> separator.length == 0).isPresent()) {
      throw CommandFailure.usage("Expected a key separator of at least one byte, but it is empty");
    }
  }

  @Override
  public ProducerRecord<byte[], byte[]> record(byte[] line, long number) {
    if (keySeparator.isEmpty()) {
      return record(key.orElse(null), line);
    }
    byte[] separator = keySeparator.get();
    int at = indexOf(line, separator);
    if (at < 0) {
      throw CommandFailure.of(
          ErrorCode.INVALID_RECORD,
          "Expected the key separator in line %d, but it is not there".formatted(number));
    }
    return record(
        Arrays.copyOf(line, at), Arrays.copyOfRange(line, at + separator.length, line.length));
  }

  private ProducerRecord<byte[], byte[]> record(byte @Nullable [] recordKey, byte[] value) {
    return new ProducerRecord<>(
        topic,
        partition,
        OptionalLong.empty(),
        isNull(recordKey) ? null : recordKey,
        isNull(value) ? null : value,
        headers);
  }

  private boolean isNull(byte @Nullable [] bytes) {
    return bytes == null || nullText.filter(text -> Arrays.equals(text, bytes)).isPresent();
  }

  private static int indexOf(byte[] line, byte[] separator) {
    for (int i = 0; i <= line.length - separator.length; i++) {
      if (Arrays.equals(line, i, i + separator.length, separator, 0, separator.length)) {
        return i;
      }
    }
    return -1;
  }
}
