package dev.naru.broker.http;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a node is, as of one moment.
 *
 * @param ready whether it serves clients
 * @param reason why not, or {@code ready}
 * @param details what an operator wants to see next, by name
 */
public record Health(boolean ready, String reason, SortedMap<String, String> details) {

  /** The details are copied. */
  public Health {
    details = Collections.unmodifiableSortedMap(new TreeMap<>(details));
  }
}
