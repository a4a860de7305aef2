package dev.naru.bench.versus.report;

import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes maps, lists, texts, numbers and truth values as JSON, two blanks a level. */
final class JsonText {

  private final StringBuilder text = new StringBuilder();

  static String of(Object value) {
    var json = new JsonText();
    json.write(value, "\n");
    return json.text.append('\n').toString();
  }

  private void write(@Nullable Object value, String newLine) {
    switch (value) {
      case null -> text.append("null");
      case Map<?, ?> map ->
          writeAll(
              '{',
              '}',
              map.entrySet().iterator(),
              newLine,
              entry -> {
                quote(Objects.toString(entry.getKey()));
                text.append(": ");
                write(entry.getValue(), newLine + "  ");
              });
      case Iterable<?> items ->
          writeAll('[', ']', items.iterator(), newLine, item -> write(item, newLine + "  "));
      case Double number ->
          text.append(Double.isFinite(number) ? Double.toString(rounded(number)) : "null");
      case Number number -> text.append(number);
      case Boolean truth -> text.append(truth);
      default -> quote(value.toString());
    }
  }

  private static double rounded(double number) {
    return Math.round(number * 1000) / 1000.0;
  }

  private <T> void writeAll(
      char first, char last, Iterator<T> items, String newLine, Consumer<T> write) {
    text.append(first);
    boolean isEmpty = !items.hasNext();
    while (items.hasNext()) {
      text.append(newLine).append("  ");
      write.accept(items.next());
      text.append(items.hasNext() ? "," : "");
    }
    text.append(isEmpty ? "" : newLine).append(last);
  }

  private void quote(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      text.append(escaped(value.charAt(i)));
    }
    text.append('"');
  }

  private static String escaped(char character) {
    return switch (character) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      default -> character < ' ' ? "\\u%04x".formatted((int) character) : String.valueOf(character);
    };
  }
}
