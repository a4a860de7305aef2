package dev.naru.cli.output;

import dev.naru.cli.json.Json;
import dev.naru.cli.records.Timestamps;
import dev.naru.cli.text.Printable;
import dev.naru.client.admin.EventDescription;
import java.util.List;

/** Decisions of the controller. */
public final class EventText {

  private EventText() {}

  /** An {@code Event}. */
  public static Json json(EventDescription event) {
    var fields = Json.object();
    event.fields().forEach(fields::with);
    return Json.object()
        .with("name", event.name())
        .with("index", Json.int64(event.index()))
        .with("ordinal", event.ordinal())
        .with("createTime", event.time().toString())
        .with("code", event.code())
        .with("level", "LEVEL_" + event.level())
        .with("resource", event.resource())
        .with("message", event.message())
        .with("cause", event.cause())
        .with("causeMessage", event.causeMessage())
        .with("principal", event.principal().orElse(""))
        .with("fields", fields.build())
        .build();
  }

  /** A line each, without a head: so they can be followed. */
  public static List<String> lines(List<EventDescription> events) {
    return events.stream().map(EventText::line).toList();
  }

  private static String line(EventDescription event) {
    return Printable.of(
        "%s %-5s %s: %s, because %s%s"
            .formatted(
                Timestamps.rfc3339(event.time()),
                event.level(),
                event.code(),
                event.message(),
                event.causeMessage(),
                event.principal().map(name -> "; by " + name).orElse("")));
  }
}
