package dev.naru.kafka.common.serialization;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Writes four bytes, big-endian. */
public class IntegerSerializer implements Serializer<Integer> {

  @Override
  public byte @Nullable [] serialize(String topic, @Nullable Integer value) {
    return value == null ? null : ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
  }
}
