package dev.naru.broker.coordinator;

import dev.naru.broker.group.MemberId;
import dev.naru.broker.group.Opaque;
import dev.naru.types.PartitionId;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/** What a member says on its stream after it has joined. Each is a sign of life. */
public sealed interface FromMember {

  /** Nothing else. */
  record Heartbeat() implements FromMember {}

  /** Of what it was told up to this epoch, it has exactly these. */
  record Holds(int epoch, TreePSet<PartitionId> partitions) implements FromMember {}

  /** It wants to read these instead of what it wanted before. */
  record Subscribes(TreePSet<String> topics) implements FromMember {}

  /** As the elected member of this generation: who gets what. As another one: it waits. */
  record Syncs(int generation, TreePMap<MemberId, Opaque> shares) implements FromMember {}

  /**
   * It goes.
   *
   * @param stays it will be back, and its place is to be kept
   * @param why for people
   */
  record Leaves(boolean stays, String why) implements FromMember {}
}
