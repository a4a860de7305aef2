package dev.naru.kafka.common.serialization;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Writes eight bytes, big-endian. */
public class DoubleSerializer implements Serializer<Double> {

  @Override
  public byte @Nullable [] serialize(String topic, @Nullable Double value) {
    return value == null ? null : ByteBuffer.allocate(Double.BYTES).putDouble(value).array();
  }
}
