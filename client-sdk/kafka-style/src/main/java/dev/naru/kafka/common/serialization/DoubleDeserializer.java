package dev.naru.kafka.common.serialization;

import org.jspecify.annotations.Nullable;

/** Reads eight bytes, big-endian. */
public class DoubleDeserializer implements Deserializer<Double> {

  @Override
  public @Nullable Double deserialize(String topic, byte @Nullable [] bytes) {
    return bytes == null ? null : Sized.of(bytes, Double.BYTES).getDouble();
  }
}
