package dev.naru.cli.records;

import dev.naru.cli.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Bytes as fields of a JSON object: {@code name} with the text if they are UTF-8, otherwise {@code
 * nameBase64}; {@code name} is null if there are none.
 */
public final class JsonBytes {

  private static final String BASE64 = "Base64";

  private JsonBytes() {}

  /** Adds the field. */
  public static void write(Json.Fields fields, String name, Optional<ByteBuffer> bytes) {
    if (bytes.isEmpty()) {
      fields.with(name, Json.none());
      return;
    }
    var view = bytes.get().duplicate();
    try {
      fields.with(name, StandardCharsets.UTF_8.newDecoder().decode(view.duplicate()).toString());
    } catch (CharacterCodingException e) {
      byte[] copy = new byte[view.remaining()];
      view.get(copy);
      fields.with(name + BASE64, Base64.getEncoder().encodeToString(copy));
    }
  }

  /** The bytes of this field; null if it is null or absent. */
  static byte @Nullable [] read(Json.Obj object, String name) {
    var text = object.field(name);
    var base64 = object.field(name + BASE64);
    if (text.isPresent() && base64.isPresent()) {
      throw new IllegalArgumentException(
          "Expected %s or %sBase64, but both are given".formatted(name, name));
    }
    if (base64.isPresent()) {
      return decoded(name + BASE64, text(name + BASE64, base64.get()));
    }
    return text.filter(value -> !(value instanceof Json.None))
        .map(value -> text(name, value).getBytes(StandardCharsets.UTF_8))
        .orElse(null);
  }

  private static byte[] decoded(String name, String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("Expected " + name + " to be base 64, but it is not", e);
    }
  }

  private static String text(String name, Json value) {
    if (value instanceof Json.Text(var characters)) {
      return characters;
    }
    throw new IllegalArgumentException("Expected " + name + " to be text, but it is not");
  }
}
