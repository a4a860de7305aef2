package dev.naru.broker.group;

import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.List;
import org.pcollections.TreePMap;

/** What a command leads to. */
public sealed interface Decision {

  /** All is as the command wants it already. */
  Decision NOTHING = new Accepted(List.of(), TreePMap.empty());

  /**
   * These events, all of them or none; none if all is as the command wants it already. What is to
   * be told to whom follows from the image afterwards.
   *
   * @param refused partitions of a commit that are not among the events, and why
   */
  record Accepted(List<GroupEvent> events, TreePMap<PartitionId, Refused> refused)
      implements Decision {

    /** Keeps its own copy of the events. */
    public Accepted {
      events = List.copyOf(events);
    }
  }

  /** Nothing, and why. */
  record Refusal(Refused why) implements Decision {}

  /** Accepts with these events. */
  static Decision accepted(List<GroupEvent> events) {
    return events.isEmpty() ? NOTHING : new Accepted(events, TreePMap.empty());
  }

  /** Refuses. */
  static Decision refused(ErrorCode code, String reason) {
    return new Refusal(new Refused(code, reason));
  }
}
