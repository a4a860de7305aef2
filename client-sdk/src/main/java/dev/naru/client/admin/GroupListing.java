package dev.naru.client.admin;

import java.util.List;

/**
 * Groups by name.
 *
 * @param warnings why groups are missing; empty if none is
 */
public record GroupListing(List<GroupSummary> groups, List<GroupWarning> warnings) {

  /** Keeps copies. */
  public GroupListing {
    groups = List.copyOf(groups);
    warnings = List.copyOf(warnings);
  }
}
