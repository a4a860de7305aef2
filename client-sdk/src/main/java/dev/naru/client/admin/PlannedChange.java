package dev.naru.client.admin;

import dev.naru.client.TopicPartition;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a plan does with one partition.
 *
 * @param topicUid the topic that is meant; empty: whichever has this name
 * @param partitionEpoch of the entry that it was made for; empty: of any
 * @param from where the replicas are, the preferred leader first; empty in a plan of somebody else
 * @param to where they are to be
 * @param leader who led it when the plan was made; empty if nobody did
 * @param bytes that are copied by it
 * @param why for people
 */
public record PlannedChange(
    TopicPartition partition,
    String topicUid,
    OptionalInt partitionEpoch,
    List<Integer> from,
    List<Integer> to,
    OptionalInt leader,
    long bytes,
    String why) {

  /** Keeps its own copies. */
  public PlannedChange {
    from = List.copyOf(from);
    to = List.copyOf(to);
  }
}
