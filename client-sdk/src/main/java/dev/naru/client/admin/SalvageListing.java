package dev.naru.client.admin;

import dev.naru.client.NaruException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the nodes that answered have set aside.
 *
 * @param entries by node
 * @param unheard the nodes that could not be asked, and why: what they have is not among the
 *     entries
 */
public record SalvageListing(
    List<SalvageEntry> entries, SortedMap<Integer, NaruException> unheard) {

  /** Keeps copies. */
  public SalvageListing {
    entries = List.copyOf(entries);
    unheard = new TreeMap<>(unheard);
  }
}
