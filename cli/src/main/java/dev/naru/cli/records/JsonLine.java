package dev.naru.cli.records;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.json.Json;
import dev.naru.cli.json.JsonReader;
import dev.naru.cli.json.MalformedJsonException;
import dev.naru.cli.text.Nearest;
import dev.naru.client.ProducerRecord;
import dev.naru.record.RecordHeader;
import dev.naru.types.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * A line that is a JSON object, as {@code consume -o jsonl} prints them: {@code key}, {@code value}
 * (or {@code keyBase64}, {@code valueBase64}), {@code headers}, {@code partition}, {@code
 * timestamp}. The fields that tell where a record was read are passed over; a field that nobody
 * knows is refused, because it may be a misspelt value.
 *
 * @param partition where records go that do not say
 * @param headers those of every record, before its own
 */
public record JsonLine(String topic, OptionalInt partition, List<RecordHeader> headers)
    implements RecordShape {

  private static final Set<String> TAKEN =
      Set.of("key", "keyBase64", "value", "valueBase64", "headers", "partition", "timestamp");

  private static final Set<String> PASSED_OVER =
      Set.of("topic", "offset", "timestampType", "leaderEpoch");

  @Override
  public ProducerRecord<byte[], byte[]> record(byte[] line, long number) {
    try {
      return record(object(line));
    } catch (MalformedJsonException | IllegalArgumentException e) {
      throw CommandFailure.of(ErrorCode.INVALID_RECORD, "Line " + number + ": " + e.getMessage());
    }
  }

  private static Json.Obj object(byte[] line) {
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
      if (JsonReader.read(text) instanceof Json.Obj object) {
        return object;
      }
      throw new IllegalArgumentException("Expected a JSON object, but was something else");
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("Expected UTF-8, but was something else", e);
    }
  }

  private ProducerRecord<byte[], byte[]> record(Json.Obj object) {
    object.fields().keySet().forEach(JsonLine::requireKnown);
    var all = new ArrayList<>(headers);
    object.field("headers").ifPresent(value -> all.addAll(JsonHeaders.read(value)));
    return new ProducerRecord<>(
        topic,
        partition(object),
        number(object, "timestamp"),
        JsonBytes.read(object, "key"),
        JsonBytes.read(object, "value"),
        all);
  }

  private static void requireKnown(String field) {
    if (!TAKEN.contains(field) && !PASSED_OVER.contains(field)) {
      throw new IllegalArgumentException(
          "Expected a known field, but was "
              + field
              + Nearest.to(field, new TreeSet<>(TAKEN))
                  .map(meant -> "; did you mean " + meant + "?")
                  .orElse(""));
    }
  }

  private OptionalInt partition(Json.Obj object) {
    var own = number(object, "partition");
    if (own.isEmpty()) {
      return partition;
    }
    if (own.getAsLong() != (int) own.getAsLong()) {
      throw new IllegalArgumentException(
          "Expected a partition up to 2147483647, but was " + own.getAsLong());
    }
    return OptionalInt.of((int) own.getAsLong());
  }

  private static OptionalLong number(Json.Obj object, String name) {
    Optional<Json> value = object.field(name).filter(field -> !(field instanceof Json.None));
    if (value.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      if (value.get() instanceof Json.Num(var number)) {
        return OptionalLong.of(number.longValueExact());
      }
    } catch (ArithmeticException e) {
      // a fraction: refused like text
    }
    throw new IllegalArgumentException("Expected " + name + " to be a whole number, but it is not");
  }
}
