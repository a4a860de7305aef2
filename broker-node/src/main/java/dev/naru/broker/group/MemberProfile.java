package dev.naru.broker.group;

import java.time.Duration;
import java.util.Optional;

/**
 * What a member says of itself when it joins.
 *
 * @param instance its {@code group.instance.id}: a place in the group that outlives the process
 * @param rack where it runs
 * @param assignor the assignor it would like best
 * @param clientId for people; a longer one is cut
 * @param host for people; a longer one is cut
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

  /** Cuts what is for people to {@link GroupLimits#NAME_CHARS_MAX}. */
  public MemberProfile {
    clientId = cut(clientId);
    host = cut(host);
  }

  /** Whether its place in the group outlives the process. */
  public boolean isStatic() {
    return instance.isPresent();
  }

  /**
   * This one, or the one before if nothing but the host is another: that is for people, and not
   * worth a write while a member comes back.
   */
  MemberProfile orUnmoved(MemberProfile before) {
    var unmoved =
        new MemberProfile(instance, rack, assignor, clientId, before.host, session, rebalance);
    return unmoved.equals(before) ? before : this;
  }

  /** In characters. */
  int size() {
    return instance.orElse("").length()
        + rack.orElse("").length()
        + assignor.orElse("").length()
        + clientId.length()
        + host.length();
  }

  /** Not in the middle of a character of two parts. */
  private static String cut(String text) {
    if (text.length() <= GroupLimits.NAME_CHARS_MAX) {
      return text;
    }
    boolean isSplit = Character.isHighSurrogate(text.charAt(GroupLimits.NAME_CHARS_MAX - 1));
    return text.substring(0, GroupLimits.NAME_CHARS_MAX - (isSplit ? 1 : 0));
  }
}
