package dev.naru.metadata.chronicle;

import java.util.List;
import java.util.Optional;

/**
 * One thing that the controller decided, and why.
 *
 * @param atMillis wall clock of the node that asked for it, in milliseconds of the epoch; shown,
 *     and compared only with the age of records, which is counted in days: clocks differ
 * @param principal who asked, as {@code name@address}; empty: a node of the cluster by itself
 * @param fields details of the event and of its cause; what does not apply is absent
 */
public record ClusterEvent(
    EventId id,
    long atMillis,
    ClusterEventCode code,
    EventSubject subject,
    EventCause cause,
    String principal,
    List<EventField> fields) {

  /** Keeps its own copy of the fields. */
  public ClusterEvent {
    fields = List.copyOf(fields);
  }

  /** What happened, in one sentence. */
  public String message() {
    return EventText.filled(code.sentence(), subject, fields);
  }

  /** Why, in words. */
  public String because() {
    return EventText.filled(cause.sentence(), subject, fields)
        + field("reason").map(": "::concat).orElse("");
  }

  /** The field of this name, as it is shown. */
  public Optional<String> field(String name) {
    return EventField.textOf(fields, name);
  }
}
