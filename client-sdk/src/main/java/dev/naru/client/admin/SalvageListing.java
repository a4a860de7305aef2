package dev.naru.client.admin;

import dev.naru.client.NaruException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the nodes that answered have set aside.
 *
 * @param entries by node
 * @param unheard the nodes that could not be asked to the end, and why: of what they have, the
 *     entries are a part, or none
 * @param unreadable data directories of the others that cannot be read now
 */
public record SalvageListing(
    List<SalvageEntry> entries,
    SortedMap<Integer, NaruException> unheard,
    List<Unreadable> unreadable) {

  /** Keeps copies. */
  public SalvageListing {
    entries = List.copyOf(entries);
    unreadable = List.copyOf(unreadable);
    unheard = new TreeMap<>(unheard);
  }

  /**
   * A data directory whose entries are not listed.
   *
   * @param location its path on the node
   * @param reason why, for people
   */
  public record Unreadable(int node, String location, String reason) {}

  /** What no node has. */
  static SalvageListing empty() {
    return new SalvageListing(List.of(), new TreeMap<>(), List.of());
  }

  SalvageListing with(SalvageListing other) {
    var allEntries = new ArrayList<>(entries);
    allEntries.addAll(other.entries);
    var allUnheard = new TreeMap<>(unheard);
    allUnheard.putAll(other.unheard);
    var allUnreadable = new ArrayList<>(unreadable);
    allUnreadable.addAll(other.unreadable);
    return new SalvageListing(allEntries, allUnheard, allUnreadable);
  }
}
