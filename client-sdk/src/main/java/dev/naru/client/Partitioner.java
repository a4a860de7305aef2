package dev.naru.client;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An application's own way to pick the partition of a record that names none. Called by every
 * thread that sends, for every record: so it has to be fast, and safe for several threads at once.
 * What it throws fails that record, and so does a number that is no partition.
 */
@FunctionalInterface
public interface Partitioner {

  /**
   * The partition, from zero and below {@code partitions}, which grows when partitions are added.
   *
   * @param key the encoded key between position and limit, or null without one; not to be changed
   */
  int partition(String topic, @Nullable ByteBuffer key, int partitions);
}
