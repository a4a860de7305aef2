package dev.naru.cli.json;

import java.util.Iterator;
import java.util.Map;

/** JSON as text: on one line, or indented for people. */
public final class JsonWriter {

  private static final String INDENT = "  ";

  private final StringBuilder text = new StringBuilder();
  private final boolean isIndented;

  private JsonWriter(boolean isIndented) {
    this.isIndented = isIndented;
  }

  /** On one line. */
  public static String compact(Json value) {
    var writer = new JsonWriter(false);
    writer.write(value, 0);
    return writer.text.toString();
  }

  /** Indented. */
  public static String pretty(Json value) {
    var writer = new JsonWriter(true);
    writer.write(value, 0);
    return writer.text.toString();
  }

  /** Text in quotes, which YAML reads as the same text. */
  public static String quoted(String value) {
    return compact(Json.text(value));
  }

  private void write(Json value, int depth) {
    switch (value) {
      case Json.Text(var characters) -> quote(characters);
      case Json.Num(var number) -> text.append(number.toPlainString());
      case Json.Bool(var truth) -> text.append(truth);
      case Json.None() -> text.append("null");
      case Json.Array array -> writeArray(array, depth);
      case Json.Obj object -> writeObject(object, depth);
    }
  }

  private void writeArray(Json.Array array, int depth) {
    boolean isShort = array.items().stream().noneMatch(JsonWriter::isTree);
    text.append('[');
    Iterator<Json> items = array.items().iterator();
    while (items.hasNext()) {
      if (!isShort) {
        newLine(depth + 1);
      }
      write(items.next(), depth + 1);
      if (items.hasNext()) {
        text.append(isIndented && isShort ? ", " : ",");
      }
    }
    if (!isShort) {
      newLine(depth);
    }
    text.append(']');
  }

  private void writeObject(Json.Obj object, int depth) {
    text.append('{');
    Iterator<Map.Entry<String, Json>> fields = object.fields().entrySet().iterator();
    while (fields.hasNext()) {
      var field = fields.next();
      newLine(depth + 1);
      quote(field.getKey());
      text.append(isIndented ? ": " : ":");
      write(field.getValue(), depth + 1);
      if (fields.hasNext()) {
        text.append(',');
      }
    }
    if (!object.fields().isEmpty()) {
      newLine(depth);
    }
    text.append('}');
  }

  private static boolean isTree(Json value) {
    return value instanceof Json.Array || value instanceof Json.Obj;
  }

  private void newLine(int depth) {
    if (isIndented) {
      text.append('\n').append(INDENT.repeat(depth));
    }
  }

  private void quote(String characters) {
    text.append('"');
    for (int i = 0; i < characters.length(); i++) {
      char c = characters.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> {
          if (isForTerminals(c) || isLonelySurrogate(characters, i)) {
            text.append("\\u%04x".formatted((int) c));
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }

  /** What a terminal would obey, or that turns the direction of text around. */
  private static boolean isForTerminals(char c) {
    return Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
  }

  /** Half a character has no form in UTF-8. */
  private static boolean isLonelySurrogate(String characters, int i) {
    char c = characters.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == characters.length() || !Character.isLowSurrogate(characters.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(characters.charAt(i - 1)));
  }
}
