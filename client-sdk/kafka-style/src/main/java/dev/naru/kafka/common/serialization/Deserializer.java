package dev.naru.kafka.common.serialization;

import dev.naru.kafka.common.header.Headers;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns bytes into values, on the thread that polls. */
public interface Deserializer<T> extends AutoCloseable {

  /**
   * Hears the settings of its consumer, before anything else, if it was named in them. Settings of
   * its own are not among them, because a consumer refuses what it does not know: who needs some is
   * configured by the application and given to the constructor as an object, for which this is not
   * called.
   */
  default void configure(Map<String, ?> settings, boolean isKey) {}

  /** The value; null stands for what is absent, also here. */
  @Nullable T deserialize(String topic, byte @Nullable [] bytes);

  /** The value. */
  default @Nullable T deserialize(String topic, Headers headers, byte @Nullable [] bytes) {
    return deserialize(topic, bytes);
  }

  /** Its consumer is closed. */
  @Override
  default void close() {}
}
