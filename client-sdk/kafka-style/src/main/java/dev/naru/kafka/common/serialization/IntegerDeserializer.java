package dev.naru.kafka.common.serialization;

import org.jspecify.annotations.Nullable;

/** Reads four bytes, big-endian. */
public class IntegerDeserializer implements Deserializer<Integer> {

  @Override
  public @Nullable Integer deserialize(String topic, byte @Nullable [] bytes) {
    return bytes == null ? null : Sized.of(bytes, Integer.BYTES).getInt();
  }
}
