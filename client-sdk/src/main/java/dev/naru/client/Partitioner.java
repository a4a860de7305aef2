package dev.naru.client;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An application's own way to pick the partition of a record that names none. Called by every
 * thread that sends, for every record; what it throws fails that record.
 */
@FunctionalInterface
public interface Partitioner {

  /**
   * The partition, from zero and below {@code partitions}.
   *
   * @param key the encoded key between position and limit, or null without one; not to be changed
   */
  int partition(String topic, @Nullable ByteBuffer key, int partitions);
}
