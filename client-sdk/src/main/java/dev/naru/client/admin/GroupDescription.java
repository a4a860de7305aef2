package dev.naru.client.admin;

import java.util.List;

/**
 * A group, its members and its offsets.
 *
 * @param members in the order of their ids
 * @param offsets all of them, by topic and partition
 * @param advice what the figures suggest, a sentence each
 */
public record GroupDescription(
    GroupSummary summary,
    List<MemberDescription> members,
    List<GroupOffset> offsets,
    List<String> advice) {

  /** Keeps copies. */
  public GroupDescription {
    members = List.copyOf(members);
    offsets = List.copyOf(offsets);
    advice = List.copyOf(advice);
  }

  /** The group's id. */
  public String group() {
    return summary.group();
  }
}
