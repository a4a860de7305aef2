package dev.naru.kafka.common.serialization;

import org.jspecify.annotations.Nullable;

/** Reads eight bytes, big-endian. */
public class LongDeserializer implements Deserializer<Long> {

  @Override
  public @Nullable Long deserialize(String topic, byte @Nullable [] bytes) {
    return bytes == null ? null : Sized.of(bytes, Long.BYTES).getLong();
  }
}
