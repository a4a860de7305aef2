package dev.naru.cli.json;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one JSON value (RFC 8259) from text. A field given twice is refused. */
public final class JsonReader {

  private static final int DEPTH_MAX = 64; // deeper is an attack on the stack, not data

  /** Bounded, because the decimal 1e999999999 takes a gigabyte to write out. */
  private static final Pattern NUMBER =
      Pattern.compile("-?(?:0|[1-9]\\d{0,99})(?:\\.\\d{1,99})?(?:[eE][+-]?\\d{1,3})?");

  private final String text;
  private final Matcher number;
  private int position;

  private JsonReader(String text) {
    this.text = text;
    this.number = NUMBER.matcher(text);
  }

  /**
   * The value that the text is.
   *
   * @throws MalformedJsonException if it is not JSON
   */
  public static Json read(String text) {
    var reader = new JsonReader(text);
    Json value = reader.value(0);
    reader.skipSpace();
    if (reader.position < text.length()) {
      throw reader.unexpected("nothing more");
    }
    return value;
  }

  private Json value(int depth) {
    if (depth > DEPTH_MAX) {
      throw unexpected("at most " + DEPTH_MAX + " levels");
    }
    skipSpace();
    return switch (peek()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> new Json.Text(string());
      case 't' -> word("true", new Json.Bool(true));
      case 'f' -> word("false", new Json.Bool(false));
      case 'n' -> word("null", new Json.None());
      default -> number();
    };
  }

  private Json object(int depth) {
    var fields = new LinkedHashMap<String, Json>();
    position++;
    skipSpace();
    if (takeIf('}')) {
      return new Json.Obj(fields);
    }
    do {
      skipSpace();
      int at = position;
      String name = string();
      skipSpace();
      take(':', "':'");
      if (fields.put(name, value(depth + 1)) != null) {
        throw new MalformedJsonException("each field once", "\"" + name + "\" again", at);
      }
      skipSpace();
    } while (takeIf(','));
    take('}', "',' or '}'");
    return new Json.Obj(fields);
  }

  private Json array(int depth) {
    var items = new ArrayList<Json>();
    position++;
    skipSpace();
    if (takeIf(']')) {
      return new Json.Array(items);
    }
    do {
      items.add(value(depth + 1));
      skipSpace();
    } while (takeIf(','));
    take(']', "',' or ']'");
    return new Json.Array(items);
  }

  private String string() {
    take('"', "'\"'");
    var characters = new StringBuilder();
    while (true) {
      char c = peek();
      if (c < 0x20) {
        throw unexpected("a character or '\"'");
      }
      position++;
      if (c == '"') {
        return characters.toString();
      }
      characters.append(c == '\\' ? escaped() : c);
    }
  }

  private char escaped() {
    char c = peek();
    position++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> fourDigits();
      default -> {
        position--;
        throw unexpected("an escape");
      }
    };
  }

  private char fourDigits() {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(peek(), 16);
      if (digit < 0) {
        throw unexpected("a hexadecimal digit");
      }
      code = code * 16 + digit;
      position++;
    }
    return (char) code;
  }

  private Json number() {
    number.region(position, text.length());
    if (!number.lookingAt()) {
      throw unexpected("a value");
    }
    position = number.end();
    return new Json.Num(new BigDecimal(number.group()));
  }

  private Json word(String word, Json value) {
    if (!text.startsWith(word, position)) {
      throw unexpected("a value");
    }
    position += word.length();
    return value;
  }

  private void skipSpace() {
    while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
      position++;
    }
  }

  /** The next character; NUL, which JSON has nowhere, at the end. */
  private char peek() {
    return position < text.length() ? text.charAt(position) : '\0';
  }

  private boolean takeIf(char wanted) {
    if (peek() != wanted) {
      return false;
    }
    position++;
    return true;
  }

  private void take(char wanted, String name) {
    if (!takeIf(wanted)) {
      throw unexpected(name);
    }
  }

  private MalformedJsonException unexpected(String expected) {
    String found = position < text.length() ? "'" + text.charAt(position) + "'" : "the end";
    return new MalformedJsonException(expected, found, position);
  }
}
