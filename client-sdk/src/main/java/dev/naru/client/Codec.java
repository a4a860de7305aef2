package dev.naru.client;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.function.Function;

/**
 * Turns an application's type into bytes and back. Absent keys and values never reach it. It is
 * called by any thread and must not keep what it is given.
 */
public interface Codec<T> {

  /** The bytes between the result's position and limit; nobody changes them afterwards. */
  ByteBuffer encode(T value);

  /** The value of the bytes between position and limit. */
  T decode(ByteBuffer bytes);

  /**
   * The value of so many bytes of an array from there on, where nothing may be changed. What a
   * consumer calls for each record; a codec that needs no buffer may do without.
   */
  default T decode(byte[] bytes, int from, int length) {
    return decode(ByteBuffer.wrap(bytes, from, length).slice().asReadOnlyBuffer());
  }

  /**
   * The bytes of {@link #encode} as an array of just them, which nobody changes afterwards: the way
   * a producer asks. Nothing is copied for a codec that wraps an array of its own.
   */
  default byte[] encodeToArray(T value) {
    var bytes = encode(value);
    if (bytes.hasArray() && bytes.arrayOffset() == 0 && bytes.remaining() == bytes.array().length) {
      return bytes.array();
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(bytes.position(), copy);
    return copy;
  }

  /** A codec of two functions. */
  static <T> Codec<T> of(Function<T, ByteBuffer> encode, Function<ByteBuffer, T> decode) {
    return new Codec<>() {
      @Override
      public ByteBuffer encode(T value) {
        return encode.apply(value);
      }

      @Override
      public T decode(ByteBuffer bytes) {
        return decode.apply(bytes);
      }
    };
  }

  /** Bytes as they are. */
  static Codec<byte[]> bytes() {
    return new BytesCodec();
  }

  /** Text in UTF-8; other bytes are refused. */
  static Codec<String> utf8() {
    return new TextCodec();
  }

  /** Eight bytes, big-endian. */
  static Codec<Long> int64() {
    return of(
        number -> ByteBuffer.allocate(Long.BYTES).putLong(0, number),
        bytes -> sized(bytes, Long.BYTES).getLong());
  }

  /** Sixteen bytes, the most significant first. */
  static Codec<UUID> uuid() {
    return of(
        id ->
            ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(0, id.getMostSignificantBits())
                .putLong(Long.BYTES, id.getLeastSignificantBits()),
        bytes -> {
          sized(bytes, 2 * Long.BYTES);
          return new UUID(bytes.getLong(), bytes.getLong());
        });
  }

  /**
   * Messages of one type, by the parser that protobuf's compiler made for it, such as {@code
   * Order.parser()}. Like every message of protobuf, one of another type may be taken for one of
   * this type with fields that it does not know; only what is no message at all is refused.
   */
  static <T extends MessageLite> Codec<T> protobuf(Parser<T> parser) {
    return new ProtobufCodec<>(parser);
  }

  private static ByteBuffer sized(ByteBuffer bytes, int size) {
    if (bytes.remaining() != size) {
      throw new IllegalArgumentException(
          "Expected " + size + " bytes, but were " + bytes.remaining());
    }
    return bytes;
  }
}
