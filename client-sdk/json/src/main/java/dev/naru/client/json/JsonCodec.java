package dev.naru.client.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.naru.client.Codec;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Values of one type as JSON in UTF-8. How a value is written is for the application's {@link
 * ObjectMapper} to say: its modules, names and formats. What the mapper is told after the codec was
 * made has no effect on it. Any thread may use it.
 *
 * <p>Refused with {@link IllegalArgumentException} is what the mapper cannot write or read, a value
 * with anything behind it, and JSON's {@code null}: for a value that is absent there is a record
 * without one.
 */
public final class JsonCodec<T> implements Codec<T> {

  private final JavaType type;
  private final ObjectWriter writer;
  private final ObjectReader reader;

  private JsonCodec(ObjectMapper mapper, JavaType type) {
    this.type = type;
    this.writer = mapper.writerFor(type);
    this.reader = mapper.readerFor(type).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  /** Values of this class. */
  public static <T> Codec<T> of(ObjectMapper mapper, Class<T> type) {
    return new JsonCodec<>(mapper, mapper.constructType(type));
  }

  /** Values of this type, which may have type arguments, such as a list of orders. */
  public static <T> Codec<T> of(ObjectMapper mapper, TypeReference<T> type) {
    return new JsonCodec<>(mapper, mapper.constructType(type.getType()));
  }

  @Override
  public ByteBuffer encode(T value) {
    return ByteBuffer.wrap(encodeToArray(value));
  }

  @Override
  public byte[] encodeToArray(T value) {
    try {
      return writer.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "Expected a value that can be written as " + type.toCanonical() + ", but " + reason(e),
          e);
    }
  }

  @Override
  public T decode(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return decode(copy, 0, copy.length);
  }

  @Override
  public T decode(byte[] bytes, int from, int length) {
    T value;
    try {
      value = reader.readValue(bytes, from, length);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "Expected JSON of " + type.toCanonical() + ", but " + reason(e), e);
    }
    if (value == null) {
      throw new IllegalArgumentException(
          "Expected JSON of " + type.toCanonical() + ", but was null");
    }
    return value;
  }

  /** In one line: Jackson tells the place in two more. */
  private static String reason(IOException failure) {
    return failure instanceof JsonProcessingException known
        ? known.getOriginalMessage()
        : failure.toString();
  }
}
