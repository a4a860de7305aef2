package dev.naru.kafka.common.serialization;

import dev.naru.kafka.common.errors.SerializationException;
import java.nio.ByteBuffer;

/** Bytes of which there must be so many. */
final class Sized {

  private Sized() {}

  static ByteBuffer of(byte[] bytes, int size) {
    if (bytes.length != size) {
      throw new SerializationException("Expected " + size + " bytes, but were " + bytes.length);
    }
    return ByteBuffer.wrap(bytes);
  }
}
