package dev.naru.metadata.chronicle;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The events of one entry of the metadata log, in the making. */
final class EntryEvents {

  private final long index;
  private final long atMillis;
  private final Trigger trigger;
  private final List<ClusterEvent> events = new ArrayList<>();

  EntryEvents(long index, long atMillis, Trigger trigger) {
    this.index = index;
    this.atMillis = atMillis;
    this.trigger = trigger;
  }

  Trigger trigger() {
    return trigger;
  }

  List<ClusterEvent> all() {
    return List.copyOf(events);
  }

  /** Adds one that came straight of the command. */
  void add(ClusterEventCode code, EventSubject subject, Fields fields) {
    add(code, subject, trigger.cause(), fields.with("cause_node", trigger.node()));
  }

  /** Adds one with a cause of its own. */
  void add(ClusterEventCode code, EventSubject subject, EventCause cause, Fields fields) {
    events.add(
        new ClusterEvent(
            new EventId(index, events.size()),
            atMillis,
            code,
            subject,
            cause,
            trigger.principal(),
            fields.list));
  }

  /** Details, in the order in which they are added. */
  static final class Fields {

    private final List<EventField> list = new ArrayList<>();

    Fields with(String name, Object value) {
      list.add(new EventField(name, value));
      return this;
    }

    /** Nothing if it is absent. */
    Fields with(String name, Optional<?> value) {
      value.ifPresent(present -> list.add(new EventField(name, present)));
      return this;
    }
  }
}
