package dev.naru.cli.perf;

import dev.naru.cli.json.Json;
import dev.naru.cli.output.Table;
import java.util.List;

/** What reading came to. Megabytes are millions of bytes of values. */
public record ReadReport(String topic, long records, long bytes, double seconds) {

  /** For programs. */
  public Json json() {
    return Json.object()
        .with("topic", topic)
        .with("records", records)
        .with("seconds", Json.number(seconds))
        .with("recordsPerSecond", Json.number(records / seconds))
        .with("megabytesPerSecond", Json.number(bytes / seconds / 1e6))
        .build();
  }

  /** For people. */
  public List<String> text() {
    return new Table("records", "%,d".formatted(records))
        .row("time", "%.2f s".formatted(seconds))
        .row("rate", rate())
        .lines();
  }

  /** For a line of progress. */
  String rate() {
    return "%,.0f records/s, %.1f MB/s".formatted(records / seconds, bytes / seconds / 1e6);
  }
}
