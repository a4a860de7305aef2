package dev.naru.kafka.common.serialization;

import org.jspecify.annotations.Nullable;

/** Writes bytes as they are. */
public class ByteArraySerializer implements Serializer<byte[]> {

  @Override
  public byte @Nullable [] serialize(String topic, byte @Nullable [] value) {
    return value;
  }
}
