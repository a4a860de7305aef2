package dev.naru.client.consumer;

import dev.naru.client.NaruException;
import dev.naru.client.TopicPartition;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hears what became of a {@link Consumer#commitAsync}. It is called by the thread that calls {@code
 * poll}, {@code commit} or {@code close}, within that call, in the order of the commits, and may
 * itself call the consumer. What it throws ends that call.
 */
@FunctionalInterface
public interface CommitCallback {

  /**
   * The commit is done.
   *
   * @param offsets what was to be committed
   * @param failure null if all of it was; else why not, or why nothing is known of it
   */
  void onComplete(Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable NaruException failure);
}
