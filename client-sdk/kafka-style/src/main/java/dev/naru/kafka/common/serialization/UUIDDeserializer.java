package dev.naru.kafka.common.serialization;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.naru.kafka.common.errors.SerializationException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the text of a UUID as UTF-8. */
public class UUIDDeserializer implements Deserializer<UUID> {

  @Override
  public @Nullable UUID deserialize(String topic, byte @Nullable [] bytes) {
    return bytes == null ? null : parsed(bytes);
  }

  private static UUID parsed(byte[] bytes) {
    try {
      return UUID.fromString(new String(bytes, UTF_8));
    } catch (IllegalArgumentException e) {
      throw new SerializationException("Expected the text of a UUID, but were other bytes", e);
    }
  }
}
