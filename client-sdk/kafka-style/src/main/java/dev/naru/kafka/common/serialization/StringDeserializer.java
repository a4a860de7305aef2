package dev.naru.kafka.common.serialization;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/** Reads text as UTF-8. */
public class StringDeserializer implements Deserializer<String> {

  @Override
  public @Nullable String deserialize(String topic, byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, UTF_8);
  }
}
