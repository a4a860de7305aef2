package dev.naru.broker.eventlog;

import dev.naru.metadata.chronicle.ClusterEvent;
import dev.naru.metadata.chronicle.EventField;
import dev.naru.metadata.chronicle.EventId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Events as records: the key is the event's name, {@code events/4711.2}; the value is the message
 * {@code naru.admin.v1.Event} in protobuf's JSON, as {@code naru cluster events -o jsonl} prints
 * it.
 */
public final class EventJson {

  private EventJson() {}

  static byte[] key(EventId id) {
    return id.name().getBytes(StandardCharsets.UTF_8);
  }

  /** Which event a record with this key tells of; empty if it is none. */
  public static Optional<EventId> idOf(ByteBuffer key) {
    return EventId.named(StandardCharsets.UTF_8.decode(key.duplicate()).toString());
  }

  static byte[] value(ClusterEvent event) {
    var json = new StringBuilder(512).append('{');
    string(json, "name", event.id().name());
    string(json.append(','), "index", Long.toString(event.id().index()));
    name(json.append(','), "ordinal");
    json.append(event.id().ordinal());
    string(json.append(','), "createTime", Instant.ofEpochMilli(event.atMillis()).toString());
    string(json.append(','), "code", event.code().name());
    string(json.append(','), "level", "LEVEL_" + event.code().level());
    string(json.append(','), "resource", event.subject().resource());
    string(json.append(','), "message", event.message());
    string(json.append(','), "cause", event.cause().name());
    string(json.append(','), "causeMessage", event.because());
    string(json.append(','), "principal", event.principal());
    name(json.append(','), "fields");
    fields(json, event.fields());
    return json.append('}').toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The same of an event that cannot be told: which one it is, and no more. */
  static byte[] bareValue(ClusterEvent event) {
    var json = new StringBuilder(256).append('{');
    string(json, "name", event.id().name());
    string(json.append(','), "index", Long.toString(event.id().index()));
    name(json.append(','), "ordinal");
    json.append(event.id().ordinal());
    string(json.append(','), "createTime", Instant.ofEpochMilli(event.atMillis()).toString());
    string(json.append(','), "code", event.code().name());
    string(json.append(','), "level", "LEVEL_" + event.code().level());
    string(json.append(','), "message", "A fault of Naru keeps this event from being told");
    return json.append('}').toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void fields(StringBuilder json, List<EventField> fields) {
    json.append('{');
    for (var field : fields) {
      if (json.charAt(json.length() - 1) != '{') {
        json.append(',');
      }
      string(json, field.name(), field.text());
    }
    json.append('}');
  }

  private static void string(StringBuilder json, String name, String value) {
    name(json, name);
    quoted(json, value);
  }

  private static void name(StringBuilder json, String name) {
    quoted(json, name);
    json.append(':');
  }

  private static void quoted(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < 0x20) {
        json.append("\\u00").append(hex(c >> 4)).append(hex(c & 0xf));
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }

  private static char hex(int digit) {
    return Character.forDigit(digit, 16);
  }
}
