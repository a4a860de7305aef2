package dev.naru.kafka.common.serialization;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/** Writes text as UTF-8. */
public class StringSerializer implements Serializer<String> {

  @Override
  public byte @Nullable [] serialize(String topic, @Nullable String value) {
    return value == null ? null : value.getBytes(UTF_8);
  }
}
