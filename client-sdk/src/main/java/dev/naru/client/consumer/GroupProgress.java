package dev.naru.client.consumer;

import dev.naru.client.TopicPartition;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** How far a consumer is for its group, as its application sees it. */
public interface GroupProgress {

  /** What was handed out: all that the application can say it is done with. */
  SortedMap<TopicPartition, OffsetAndMetadata> handedOut();

  /** Commits these for the application, and waits. */
  void commitNow(SortedMap<TopicPartition, OffsetAndMetadata> offsets);

  /** Commits these for the application, and goes on; calls this back later. */
  void commitLater(
      SortedMap<TopicPartition, OffsetAndMetadata> offsets, Optional<CommitCallback> callback);

  /** What the group has committed, now. */
  Map<TopicPartition, OffsetAndMetadata> committed(Collection<TopicPartition> of);
}
