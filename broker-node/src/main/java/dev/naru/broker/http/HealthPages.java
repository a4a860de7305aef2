package dev.naru.broker.http;

import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What probes ask: {@code /livez} whether the process turns at all, {@code /readyz} whether it
 * should get traffic, {@code /healthz} how it is, in words and with {@code ?verbose} in JSON.
 */
final class HealthPages {

  private static final Map<Character, String> ESCAPES =
      Map.of('"', "\\\"", '\\', "\\\\", '\n', "\\n", '\r', "\\r", '\t', "\\t");

  private final Supplier<Health> health;

  HealthPages(Supplier<Health> health) {
    this.health = health;
  }

  Page live() {
    return Page.text(200, "alive");
  }

  Page ready() {
    var now = health.get();
    return Page.text(now.ready() ? 200 : 503, now.reason());
  }

  Page health(String query) {
    var now = health.get();
    int status = now.ready() ? 200 : 503;
    return Objects.equals(query, "verbose")
        ? new Page(status, "application/json", json(now))
        : Page.text(status, now.reason());
  }

  private static String json(Health health) {
    var details =
        health.details().entrySet().stream()
            .map(entry -> "    " + quoted(entry.getKey()) + ": " + quoted(entry.getValue()))
            .collect(Collectors.joining(",\n"));
    return """
    {
      "ready": %s,
      "reason": %s,
      "details": {
    %s
      }
    }
    """
        .formatted(health.ready(), quoted(health.reason()), details);
  }

  private static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      quoted.append(
          ESCAPES.getOrDefault(c, c < ' ' ? "\\u%04x".formatted((int) c) : String.valueOf(c)));
    }
    return quoted.append('"').toString();
  }
}
