package dev.naru.kafka.clients.admin;

import dev.naru.kafka.common.GroupState;
import dev.naru.kafka.common.GroupType;
import java.util.Optional;

/** A group in a list. */
public final class ConsumerGroupListing {

  private final String groupId;
  private final GroupState state;
  private final GroupType type;

  ConsumerGroupListing(String groupId, GroupState state, GroupType type) {
    this.groupId = groupId;
    this.state = state;
    this.type = type;
  }

  /** Its id. */
  public String groupId() {
    return groupId;
  }

  /** What it does; always there. */
  public Optional<GroupState> groupState() {
    return Optional.of(state);
  }

  /** How its members share; always there. */
  public Optional<GroupType> type() {
    return Optional.of(type);
  }

  @Override
  public String toString() {
    return "(groupId='" + groupId + "', groupState=" + state + ", type=" + type + ")";
  }
}
