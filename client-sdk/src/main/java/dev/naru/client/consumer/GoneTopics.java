package dev.naru.client.consumer;

import dev.naru.client.core.Reading;
import dev.naru.types.TopicId;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns once of each topic that nodes do not find while a group has this consumer read it: as a
 * rule it was deleted. That is no failure: the group takes the partitions back, and what comes
 * later under the name is granted as what it is, another topic. Owned by the consumer's thread.
 */
final class GoneTopics {

  private static final Logger LOG = LoggerFactory.getLogger(GoneTopics.class);

  private final Set<TopicId> warnedOf = new HashSet<>(); // of those that are read

  /**
   * Nodes do not find the topic of a partition that is read. If its leader has never answered, it
   * may be so new that they have not heard of it yet.
   */
  void missing(Reading reading) {
    if (reading.highWatermark().isPresent()
        && reading.granted().filter(warnedOf::add).isPresent()) {
      LOG.warn(
          "Expected the topic {} to exist, because this consumer subscribes to it, but nodes do not"
              + " find it: the consumer reads its other topics, and this one again once it is"
              + " created anew",
          reading.partition().topic());
    }
  }

  /** A partition is read no more, but these are: its topic is forgotten with its last one. */
  void dropped(Reading reading, Collection<Reading> others) {
    if (reading.granted().filter(warnedOf::contains).isPresent()
        && others.stream().noneMatch(other -> other.granted().equals(reading.granted()))) {
      reading.granted().ifPresent(warnedOf::remove);
    }
  }
}
