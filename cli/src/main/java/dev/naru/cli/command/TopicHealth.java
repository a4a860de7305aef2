package dev.naru.cli.command;

import dev.naru.client.admin.PartitionDescription;
import dev.naru.client.admin.TopicDescription;

/** What is wrong with a topic, in a word or two. */
record TopicHealth(long offline, long underReplicated) {

  static TopicHealth of(TopicDescription topic) {
    return new TopicHealth(
        topic.partitions().stream().filter(partition -> partition.leader().isEmpty()).count(),
        topic.partitions().stream().filter(TopicHealth::isUnderReplicated).count());
  }

  private static boolean isUnderReplicated(PartitionDescription partition) {
    return partition.isr().size() < partition.copies();
  }

  @Override
  public String toString() {
    if (offline > 0) {
      return offline + " offline, " + underReplicated + " under-replicated";
    }
    return underReplicated > 0 ? underReplicated + " under-replicated" : "ok";
  }
}
