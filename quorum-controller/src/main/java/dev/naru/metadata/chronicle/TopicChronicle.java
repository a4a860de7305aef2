package dev.naru.metadata.chronicle;

import dev.naru.metadata.chronicle.EntryEvents.Fields;
import dev.naru.metadata.chronicle.EventSubject.OfTopic;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.types.TopicId;
import java.util.Collection;

/** Tells of topics: those that come and go, and what of them changes but their replicas. */
final class TopicChronicle {

  private TopicChronicle() {}

  static void tell(
      ClusterImage before, ClusterImage after, Collection<TopicId> topics, EntryEvents entry) {
    for (var id : topics) {
      var old = before.topic(id);
      var now = after.topic(id);
      if (old.isPresent() && now.isPresent()) {
        changed(old.get(), now.get(), entry);
      } else if (now.isPresent()) {
        entry.add(
            ClusterEventCode.TOPIC_CREATED,
            new OfTopic(now.get().name()),
            ofTopic(now.get()).with("replication_factor", now.get().replicationFactor()));
      } else if (old.isPresent()) {
        entry.add(
            ClusterEventCode.TOPIC_DELETED, new OfTopic(old.get().name()), ofTopic(old.get()));
      }
    }
  }

  private static Fields ofTopic(TopicImage topic) {
    return new Fields().with("topic_id", topic.id()).with("partitions", topic.partitions().size());
  }

  private static void changed(TopicImage old, TopicImage now, EntryEvents entry) {
    var subject = new OfTopic(now.name());
    if (old.partitions().size() != now.partitions().size()) {
      entry.add(
          ClusterEventCode.PARTITIONS_ADDED,
          subject,
          ofTopic(now).with("partitions_before", old.partitions().size()));
    }
    ConfigChronicle.tell(
        ClusterEventCode.TOPIC_ALTERED, subject, old.configs(), now.configs(), entry);
  }
}
