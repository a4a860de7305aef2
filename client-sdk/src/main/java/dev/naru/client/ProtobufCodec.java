package dev.naru.client;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.nio.ByteBuffer;

/** Messages of one type, as protobuf writes them; bytes that are no such message are refused. */
final class ProtobufCodec<T extends MessageLite> implements Codec<T> {

  private final Parser<T> parser;

  ProtobufCodec(Parser<T> parser) {
    this.parser = parser;
  }

  @Override
  public ByteBuffer encode(T message) {
    return ByteBuffer.wrap(message.toByteArray());
  }

  @Override
  public byte[] encodeToArray(T message) {
    return message.toByteArray();
  }

  @Override
  public T decode(ByteBuffer bytes) {
    try {
      return parser.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw somethingElse(e);
    }
  }

  @Override
  public T decode(byte[] bytes, int from, int length) {
    try {
      return parser.parseFrom(bytes, from, length);
    } catch (InvalidProtocolBufferException e) {
      throw somethingElse(e);
    }
  }

  private static IllegalArgumentException somethingElse(InvalidProtocolBufferException cause) {
    return new IllegalArgumentException(
        "Expected a protobuf message, but the bytes are something else: " + cause.getMessage(),
        cause);
  }
}
