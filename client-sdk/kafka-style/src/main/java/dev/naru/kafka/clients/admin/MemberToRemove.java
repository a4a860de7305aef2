package dev.naru.kafka.clients.admin;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A static member that is to leave its group. */
public class MemberToRemove {

  private final String groupInstanceId;

  /** The one with this {@code group.instance.id}. */
  public MemberToRemove(String groupInstanceId) {
    this.groupInstanceId =
        Objects.requireNonNull(groupInstanceId, "Expected a group.instance.id, but was null");
  }

  /** Its {@code group.instance.id}. */
  public String groupInstanceId() {
    return groupInstanceId;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MemberToRemove member && groupInstanceId.equals(member.groupInstanceId);
  }

  @Override
  public int hashCode() {
    return groupInstanceId.hashCode();
  }

  @Override
  public String toString() {
    return "MemberToRemove(groupInstanceId = " + groupInstanceId + ")";
  }
}
