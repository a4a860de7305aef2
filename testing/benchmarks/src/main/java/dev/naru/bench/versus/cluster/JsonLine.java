package dev.naru.bench.versus.cluster;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** A JSON object that a tool has printed in one line. JSON is YAML. */
record JsonLine(Map<String, Object> fields) {

  /** Empty if the line is something else. */
  static Optional<JsonLine> read(String line) {
    if (!line.startsWith("{")) {
      return Optional.empty();
    }
    try {
      return of(new Load(LoadSettings.builder().build()).loadFromString(line));
    } catch (YamlEngineException e) {
      return Optional.empty();
    }
  }

  private static Optional<JsonLine> of(Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      return Optional.empty();
    }
    var fields = new LinkedHashMap<String, Object>();
    map.forEach((name, field) -> {
      if (field != null) {
        fields.put(String.valueOf(name), field);
      }
    });
    return Optional.of(new JsonLine(fields));
  }

  OptionalDouble number(String name) {
    return fields.get(name) instanceof Number number
        ? OptionalDouble.of(number.doubleValue())
        : OptionalDouble.empty();
  }

  Optional<JsonLine> object(String name) {
    return fields.get(name) instanceof Map<?, ?> map ? of(map) : Optional.empty();
  }

  List<JsonLine> objects(String name) {
    return fields.get(name) instanceof List<?> items
        ? items.stream().flatMap(item -> of(item).stream()).toList()
        : List.of();
  }
}
