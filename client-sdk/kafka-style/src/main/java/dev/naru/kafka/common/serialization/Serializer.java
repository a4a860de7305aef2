package dev.naru.kafka.common.serialization;

import dev.naru.kafka.common.header.Headers;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns values into bytes, on the threads that send. */
public interface Serializer<T> extends AutoCloseable {

  /**
   * Hears the settings of its producer, before anything else, if it was named in them. Settings of
   * its own are not among them, because a producer refuses what it does not know: who needs some is
   * configured by the application and given to the constructor as an object, for which this is not
   * called.
   */
  default void configure(Map<String, ?> settings, boolean isKey) {}

  /** The bytes; null stands for what is absent, also here. */
  byte @Nullable [] serialize(String topic, @Nullable T value);

  /** The bytes; headers may be added. */
  default byte @Nullable [] serialize(String topic, Headers headers, @Nullable T value) {
    return serialize(topic, value);
  }

  /** Its producer is closed. */
  @Override
  default void close() {}
}
