package dev.naru.cli.records;

import dev.naru.cli.json.Json;
import dev.naru.record.RecordHeader;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Headers in JSON: an array of {@code {"name": …, "value": …}}, because names may repeat and their
 * order counts. An object from names to values is read too.
 */
final class JsonHeaders {

  private JsonHeaders() {}

  static Json write(List<RecordHeader> headers) {
    return Json.array(
        headers.stream()
            .map(header -> {
              var fields = Json.object().with("name", header.name());
              JsonBytes.write(fields, "value", header.value());
              return fields.build();
            }));
  }

  static List<RecordHeader> read(Json json) {
    return switch (json) {
      case Json.Array(var items) -> items.stream().map(JsonHeaders::readOne).toList();
      case Json.Obj(var fields) ->
          fields.entrySet().stream()
              .map(field ->
                  header(field.getKey(), Json.object().with("value", field.getValue()).build()))
              .toList();
      case Json.None() -> List.of();
      default ->
          throw new IllegalArgumentException(
              "Expected headers to be an array or an object, but they are not");
    };
  }

  private static RecordHeader readOne(Json json) {
    if (json instanceof Json.Obj object
        && object.field("name").orElse(json) instanceof Json.Text(var name)) {
      return header(name, object);
    }
    throw new IllegalArgumentException(
        "Expected a header to be an object with a name, but it is not");
  }

  private static RecordHeader header(String name, Json.Obj object) {
    byte[] value = JsonBytes.read(object, "value");
    return value == null
        ? RecordHeader.withoutValue(name)
        : RecordHeader.of(name, ByteBuffer.wrap(value));
  }
}
