package dev.naru.cli.records;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.json.JsonWriter;
import dev.naru.cli.text.Escapes;
import dev.naru.client.ConsumerRecord;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a record is printed, compiled from a text such as {@code %p %o %k=%v\n}. Bytes of keys,
 * values and headers are written as they are.
 */
public final class RecordFormat {

  private final List<Part> parts;

  private RecordFormat(List<Part> parts) {
    this.parts = parts;
  }

  /** One JSON object a line. */
  public static RecordFormat jsonl() {
    return new RecordFormat(
        List.of(
            (read, out) -> text(out, JsonWriter.compact(JsonRecord.of(read))),
            (read, out) -> out.write('\n')));
  }

  /**
   * Compiles a format.
   *
   * @param nullText stands for a key or value that is null; without it nothing does
   * @throws CommandFailure if the text contains a placeholder that does not exist
   */
  public static RecordFormat compile(String format, Optional<String> nullText) {
    byte[] none = nullText.orElse("").getBytes(StandardCharsets.UTF_8);
    var parts = new ArrayList<Part>();
    int i = 0;
    while (i < format.length()) {
      int percent = format.indexOf('%', i);
      int literalEnd = percent < 0 ? format.length() : percent;
      if (literalEnd > i) {
        byte[] literal = Escapes.bytes(format.substring(i, literalEnd));
        parts.add((read, out) -> out.writeBytes(literal));
      }
      if (percent >= 0) {
        parts.add(placeholder(format, percent, none));
      }
      i = literalEnd + 2;
    }
    return new RecordFormat(List.copyOf(parts));
  }

  private static Part placeholder(String format, int percent, byte[] none) {
    char name = percent + 1 < format.length() ? format.charAt(percent + 1) : ' ';
    return switch (name) {
      case 'k' -> (read, out) -> out.writeBytes(orElse(read.key(), none));
      case 'v' -> (read, out) -> out.writeBytes(orElse(read.value(), none));
      case 'K' -> (read, out) -> text(out, lengthOf(read.key()));
      case 'V' -> (read, out) -> text(out, lengthOf(read.value()));
      case 'o' -> (read, out) -> text(out, read.offset());
      case 'p' -> (read, out) -> text(out, read.partition());
      case 't' -> (read, out) -> text(out, read.topic());
      case 's' -> (read, out) -> text(out, read.timestampMillis());
      case 'T' -> (read, out) -> text(out, Timestamps.rfc3339(read.timestamp()));
      case 'h' -> (read, out) -> headers(read, out, none);
      case '%' -> (read, out) -> out.write('%');
      default ->
          throw CommandFailure.usage(
              "Expected one of %%k %%v %%o %%p %%t %%h %%s %%T %%K %%V %%%% in the format, but was %s"
                  .formatted(format.substring(percent, Math.min(percent + 2, format.length()))));
    };
  }

  /** Appends the record. */
  public void append(ConsumerRecord<byte[], byte[]> read, ByteArrayOutputStream out) {
    for (var part : parts) {
      part.append(read, out);
    }
  }

  private static void headers(
      ConsumerRecord<byte[], byte[]> read, ByteArrayOutputStream out, byte[] none) {
    boolean isFirst = true;
    for (var header : read.headers()) {
      if (!isFirst) {
        out.write(',');
      }
      isFirst = false;
      text(out, header.name());
      out.write('=');
      out.writeBytes(header.value().map(RecordFormat::copy).orElse(none));
    }
  }

  private static byte[] copy(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return copy;
  }

  private static byte[] orElse(byte @Nullable [] bytes, byte[] none) {
    return bytes == null ? none : bytes;
  }

  private static int lengthOf(byte @Nullable [] bytes) {
    return bytes == null ? -1 : bytes.length;
  }

  private static void text(ByteArrayOutputStream out, Object value) {
    out.writeBytes(value.toString().getBytes(StandardCharsets.UTF_8));
  }

  @FunctionalInterface
  private interface Part {
    void append(ConsumerRecord<byte[], byte[]> read, ByteArrayOutputStream out);
  }
}
