package dev.naru.broker.group;

import java.util.Optional;

/**
 * The round of a classic group. Its generation is the group's epoch.
 *
 * @param leader the member that decides for all
 * @param protocol what the members agreed to decide by; none until all of them have come
 */
public record ClassicState(
    ClassicPhase phase, Optional<MemberId> leader, Optional<String> protocol) {

  /** Of a group that nobody has joined. */
  public static final ClassicState UNBEGUN =
      new ClassicState(ClassicPhase.GATHERING, Optional.empty(), Optional.empty());

  /** The same round, led by another one. */
  public ClassicState withLeader(MemberId changed) {
    return new ClassicState(phase, Optional.of(changed), protocol);
  }

  /** The same round in another phase. */
  public ClassicState withPhase(ClassicPhase changed) {
    return new ClassicState(changed, leader, protocol);
  }

  /** Whether this member leads. */
  public boolean isLedBy(MemberId member) {
    return leader.equals(Optional.of(member));
  }

  /** Whether members are still expected to come. */
  public boolean isOpen() {
    return phase == ClassicPhase.GATHERING || phase == ClassicPhase.PREPARING;
  }
}
