package dev.naru.kafka.common.serialization;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Writes eight bytes, big-endian. */
public class LongSerializer implements Serializer<Long> {

  @Override
  public byte @Nullable [] serialize(String topic, @Nullable Long value) {
    return value == null ? null : ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }
}
