package dev.naru.client.admin;

import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One decision of the controller, and why. The codes, causes and details are listed in {@code
 * docs/EVENTS.md}; a newer cluster may have more of them.
 *
 * @param name such as {@code events/4711.2}: the same at every node, and rising
 * @param index of the entry of the metadata log that it came of; events of one index came of one
 *     decision
 * @param ordinal which of the events of that entry, from 0
 * @param time by the clock of the node that asked for the decision
 * @param code what happened, such as {@code ISR_SHRUNK}
 * @param resource name of what it is about, such as {@code topics/orders/partitions/3}
 * @param message what happened, in one sentence
 * @param cause why, such as {@code NODE_FENCED}
 * @param causeMessage why, in words
 * @param principal who asked for it, as {@code name@address}; empty: the cluster by itself
 * @param fields details by name
 */
public record EventDescription(
    String name,
    long index,
    int ordinal,
    Instant time,
    String code,
    Level level,
    String resource,
    String message,
    String cause,
    String causeMessage,
    Optional<String> principal,
    SortedMap<String, String> fields) {

  /** Keeps its own copy of the fields. */
  public EventDescription {
    fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
  }

  /** Who should look at an event. */
  public enum Level {
    /** Nobody has to. */
    INFO,
    /** Somebody should. */
    WARN,
    /** Records are lost, or something stands still until somebody acts. */
    ERROR
  }
}
