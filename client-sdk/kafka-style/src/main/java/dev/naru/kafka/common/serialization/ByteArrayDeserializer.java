package dev.naru.kafka.common.serialization;

import org.jspecify.annotations.Nullable;

/** Reads bytes as they are. */
public class ByteArrayDeserializer implements Deserializer<byte[]> {

  @Override
  public byte @Nullable [] deserialize(String topic, byte @Nullable [] bytes) {
    return bytes;
  }
}
