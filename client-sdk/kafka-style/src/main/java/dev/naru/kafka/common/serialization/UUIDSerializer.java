package dev.naru.kafka.common.serialization;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes the text of a UUID as UTF-8. */
public class UUIDSerializer implements Serializer<UUID> {

  @Override
  public byte @Nullable [] serialize(String topic, @Nullable UUID value) {
    return value == null ? null : value.toString().getBytes(UTF_8);
  }
}
