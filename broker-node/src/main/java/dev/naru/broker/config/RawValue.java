package dev.naru.broker.config;

import java.util.Arrays;
import java.util.List;

/** A value as it was written, before its meaning is known. */
record RawValue(String key, Written written, Origin origin) {

  /** One text, or a list of texts. */
  sealed interface Written {}

  /** One text; a setting that takes a list splits it at its commas. */
  record Scalar(String text) implements Written {}

  /** A list, which only a file can spell out. */
  record Items(List<String> items) implements Written {}

  static RawValue scalar(String key, String text, Origin origin) {
    return new RawValue(key, new Scalar(text), origin);
  }

  /** The same for people. */
  WrittenValue asWritten() {
    return new WrittenValue(
        switch (written) {
          case Scalar(var text) -> text;
          case Items(var items) -> String.join(",", items);
        },
        origin);
  }

  /** The value for a setting that takes a list. */
  List<String> asList() {
    return switch (written) {
      case Scalar(var text) ->
          text.isBlank()
              ? List.of()
              : Arrays.stream(text.split(",", -1)).map(String::strip).toList();
      case Items(var items) -> items;
    };
  }

  /**
   * The value for a setting that takes one.
   *
   * @throws IllegalArgumentException if a list was written
   */
  String asText() {
    return switch (written) {
      case Scalar(var text) -> text;
      case Items(var items) ->
          throw new IllegalArgumentException(
              "Expected " + key + " to be one value, but was a list of " + items.size());
    };
  }
}
