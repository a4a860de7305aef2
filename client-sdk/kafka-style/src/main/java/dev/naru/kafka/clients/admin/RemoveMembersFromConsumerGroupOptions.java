package dev.naru.kafka.clients.admin;

import java.util.Collection;
import java.util.Set;

/** Which members are to leave their group. */
public class RemoveMembersFromConsumerGroupOptions {

  private final Set<MemberToRemove> members;

  /**
   * These static ones.
   *
   * @throws IllegalArgumentException if there are none
   */
  public RemoveMembersFromConsumerGroupOptions(Collection<MemberToRemove> members) {
    if (members.isEmpty()) {
      throw new IllegalArgumentException("Expected members to remove, but there are none");
    }
    this.members = Set.copyOf(members);
  }

  /** All of them, static or not. */
  public RemoveMembersFromConsumerGroupOptions() {
    this.members = Set.of();
  }

  /** Those that were named; none stands for all. */
  public Set<MemberToRemove> members() {
    return members;
  }

  /** Whether all of them are meant. */
  public boolean removeAll() {
    return members.isEmpty();
  }
}
