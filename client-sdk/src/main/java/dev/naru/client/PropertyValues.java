package dev.naru.client;

import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Settings as text by their names, which remembers what was asked for, so that the rest is known to
 * be wrong.
 */
final class PropertyValues {

  private final Map<String, String> given = new TreeMap<>();
  private final Set<String> known = new TreeSet<>();

  PropertyValues(Map<?, ?> properties) {
    properties.forEach(
        (name, value) -> given.put(String.valueOf(name), String.valueOf(value).strip()));
  }

  String text(String name, String otherwise) {
    return value(name).orElse(otherwise);
  }

  Duration duration(String name, Duration otherwise) {
    return value(name)
        .map(text ->
            Quantities.duration(text)
                .orElseThrow(() -> Settings.bad(name, "a duration such as 500 or 5s", text)))
        .orElse(otherwise);
  }

  long bytes(String name, long otherwise) {
    return value(name)
        .map(text ->
            Quantities.bytes(text)
                .orElseThrow(() -> Settings.bad(name, "a size such as 65536 or 64KiB", text)))
        .orElse(otherwise);
  }

  int size(String name, int otherwise) {
    long bytes = bytes(name, otherwise);
    Settings.require(bytes == (int) bytes, name, "at most " + Integer.MAX_VALUE, bytes);
    return (int) bytes;
  }

  int count(String name, int otherwise) {
    Optional<String> text = value(name);
    try {
      return text.map(Integer::parseInt).orElse(otherwise);
    } catch (NumberFormatException e) {
      throw Settings.bad(name, "a number up to " + Integer.MAX_VALUE, text.orElse(""));
    }
  }

  boolean flag(String name, boolean otherwise) {
    return optionalFlag(name).orElse(otherwise);
  }

  Optional<Boolean> optionalFlag(String name) {
    return value(name)
        .map(text ->
            switch (text) {
              case "true" -> true;
              case "false" -> false;
              default -> throw Settings.bad(name, "true or false", text);
            });
  }

  Optional<String> optionalText(String name) {
    return value(name);
  }

  /** Values separated by commas. */
  <T> List<T> choices(
      String name, String range, Function<String, Optional<T>> ofText, List<T> otherwise) {
    return value(name)
        .map(text -> {
          var chosen = new ArrayList<T>();
          for (String part : text.split(",", -1)) {
            chosen.add(
                ofText.apply(part.strip()).orElseThrow(() -> Settings.bad(name, range, text)));
          }
          return List.copyOf(chosen);
        })
        .orElse(otherwise);
  }

  <T> T choice(String name, String range, Function<String, Optional<T>> ofText, T otherwise) {
    return value(name)
        .map(text -> ofText.apply(text).orElseThrow(() -> Settings.bad(name, range, text)))
        .orElse(otherwise);
  }

  List<HostPort> addresses(String name) {
    return value(name).map(text -> PropertyValues.addresses(name, text)).orElse(List.of());
  }

  ClientConfig.Security security(String name) {
    String text = text(name, "");
    return switch (text) {
      case "" -> ClientConfig.Security.UNSET;
      case "PLAINTEXT" -> ClientConfig.Security.PLAINTEXT;
      default ->
          throw Settings.bad(name, "PLAINTEXT, because TLS is not part of this release yet", text);
    };
  }

  void refuseUnknown() {
    for (String name : given.keySet()) {
      if (!known.contains(name)) {
        throw new NaruException(
            ErrorCode.INVALID_CONFIG,
            "Expected a known setting, but was "
                + name
                + Likeness.nearest(name, known)
                    .map(meant -> "; did you mean " + meant + "?")
                    .orElse(""),
            Map.of("setting", name));
      }
    }
  }

  private Optional<String> value(String name) {
    known.add(name);
    return Optional.ofNullable(given.get(name));
  }

  /** The addresses of a list separated by commas. */
  static List<HostPort> addresses(String name, String text) {
    var addresses = new ArrayList<HostPort>();
    for (String part : text.split(",", -1)) {
      if (!part.isBlank()) {
        addresses.add(address(name, part.strip()));
      }
    }
    return addresses;
  }

  private static HostPort address(String name, String text) {
    try {
      HostPort address = HostPort.parse(text);
      Settings.require(address.port() > 0, name, "host:port pairs separated by commas", text);
      return address;
    } catch (IllegalArgumentException e) {
      throw Settings.bad(name, "host:port pairs separated by commas", text);
    }
  }
}
