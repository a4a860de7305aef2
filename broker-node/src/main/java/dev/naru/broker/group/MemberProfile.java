package dev.naru.broker.group;

import java.time.Duration;
import java.util.Optional;

/**
 * What a member says of itself when it joins.
 *
 * @param instance its {@code group.instance.id}: a place in the group that outlives the process
 * @param rack where it runs
 * @param assignor the assignor it would like best
 * @param clientId for people
 * @param host for people
 * @param session silent for longer, it is taken for dead
 * @param rebalance giving back what was revoked for longer, it is taken for stuck
 */
public record MemberProfile(
    Optional<String> instance,
    Optional<String> rack,
    Optional<String> assignor,
    String clientId,
    String host,
    Duration session,
    Duration rebalance) {

  /** Whether its place in the group outlives the process. */
  public boolean isStatic() {
    return instance.isPresent();
  }
}
