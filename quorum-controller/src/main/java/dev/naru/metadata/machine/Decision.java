package dev.naru.metadata.machine;

import dev.naru.metadata.event.MetadataEvent;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.List;

/** What a command leads to. */
public sealed interface Decision {

  /** These events, in this order; none if all is as the command wants it already. */
  record Accepted(List<MetadataEvent> events) implements Decision {

    /** Keeps its own copy of the events. */
    public Accepted {
      events = List.copyOf(events);
    }
  }

  /** Nothing, and why. */
  record Refusal(Refused why) implements Decision {}

  /** Accepts with these events. */
  static Decision accepted(MetadataEvent... events) {
    return new Accepted(List.of(events));
  }

  /** Refuses. */
  static Decision refused(ErrorCode code, String reason) {
    return new Refusal(new Refused(code, reason));
  }
}
