package dev.naru.kafka.clients.admin;

import dev.naru.kafka.common.GroupState;
import dev.naru.kafka.common.GroupType;
import dev.naru.kafka.common.Node;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A group and its members. */
public final class ConsumerGroupDescription {

  private final String groupId;
  private final List<MemberDescription> members;
  private final String partitionAssignor;
  private final GroupType type;
  private final GroupState state;
  private final Node coordinator;
  private final int epoch;

  ConsumerGroupDescription(
      String groupId,
      List<MemberDescription> members,
      String partitionAssignor,
      GroupType type,
      GroupState state,
      Node coordinator,
      int epoch) {
    this.groupId = groupId;
    this.members = List.copyOf(members);
    this.partitionAssignor = partitionAssignor;
    this.type = type;
    this.state = state;
    this.coordinator = coordinator;
    this.epoch = epoch;
  }

  /** Its id. */
  public String groupId() {
    return groupId;
  }

  /** Its members, those that are away included. */
  public Collection<MemberDescription> members() {
    return members;
  }

  /** The assignor in force; of a classic group what its members chose, empty before. */
  public String partitionAssignor() {
    return partitionAssignor;
  }

  /** How its members share. */
  public GroupType type() {
    return type;
  }

  /** What it does. */
  public GroupState groupState() {
    return state;
  }

  /** The node that coordinates it. */
  public Node coordinator() {
    return coordinator;
  }

  /** Rises with every change of what a member may hold; always there. */
  public Optional<Integer> groupEpoch() {
    return Optional.of(epoch);
  }

  @Override
  public String toString() {
    return "(groupId="
        + groupId
        + ", members="
        + members
        + ", partitionAssignor="
        + partitionAssignor
        + ", type="
        + type
        + ", groupState="
        + state
        + ", coordinator="
        + coordinator
        + ")";
  }
}
