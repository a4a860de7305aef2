package dev.naru.broker.coordinator;

import dev.naru.broker.group.TopicsSeen;
import dev.naru.types.TopicId;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalInt;

/** The cluster's topics as this node knows them now. For any thread. */
public interface Topics {

  /** Index in the metadata log of what this node knows; rises. */
  long index();

  /** Those of the topics of these names that exist. */
  TopicsSeen seen(Collection<String> names);

  /** The name of a topic that exists. */
  Optional<String> nameOf(TopicId topic);

  /** How many partitions the topic has, if it exists. */
  OptionalInt partitionsOf(TopicId topic);

  /** Whether there was such a topic, and is no more. */
  boolean isDeleted(TopicId topic);
}
