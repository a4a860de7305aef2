package dev.naru.simulation.invariant;

import dev.naru.broker.group.GroupEvent;
import dev.naru.broker.group.GroupImage;
import dev.naru.types.PartitionId;
import java.util.List;

/**
 * One batch of a log of groups, committed.
 *
 * @param end of the batch
 * @param writtenMillis when it was written, by a clock that is true here
 * @param trueMillis when it was true for the first time that it is committed
 */
public record GroupStep(
    PartitionId log,
    long end,
    GroupImage before,
    GroupImage after,
    List<GroupEvent> events,
    long writtenMillis,
    long trueMillis) {

  public GroupStep {
    events = List.copyOf(events);
  }

  public String group() {
    return after.group();
  }
}
