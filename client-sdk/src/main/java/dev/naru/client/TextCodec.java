package dev.naru.client;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text in UTF-8; other bytes are refused. */
final class TextCodec implements Codec<String> {

  /** What the JDK's fast decoder puts where bytes are malformed. */
  private static final char REPLACEMENT = '\ufffd';

  @Override
  public ByteBuffer encode(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String decode(ByteBuffer bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("Expected UTF-8, but the bytes are something else", e);
    }
  }

  /** A decoder of its own for each text costs more than the text; few texts need one. */
  @Override
  public String decode(byte[] bytes, int from, int length) {
    var text = new String(bytes, from, length, StandardCharsets.UTF_8);
    return text.indexOf(REPLACEMENT) < 0 ? text : decode(ByteBuffer.wrap(bytes, from, length));
  }
}
