package dev.naru.kafka.clients.consumer;

import dev.naru.kafka.common.TopicPartition;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Hears what became of a commit, on the thread that polls. */
@FunctionalInterface
public interface OffsetCommitCallback {

  /** The commit is done; the exception is null if all of it was committed. */
  void onComplete(Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable Exception exception);
}
