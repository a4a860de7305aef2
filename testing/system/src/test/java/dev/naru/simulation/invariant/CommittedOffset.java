package dev.naru.simulation.invariant;

import dev.naru.broker.group.Committed;
import dev.naru.broker.group.GroupEvent.HoldingsSet;
import dev.naru.types.PartitionId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * I25: what a group, or whoever asks, is told of an offset is the last one that was committed
 * before, or a later one; and what somebody was told to be kept is committed.
 */
public final class CommittedOffset implements GroupInvariant {

  /** How many commits there were of a partition when it was granted. */
  private final Map<Grant, Integer> atGrant = new HashMap<>();

  private record Grant(String group, PartitionId partition, int epoch) {}

  @Override
  public void committed(GroupScene scene, GroupStep step) {
    for (var event : step.events()) {
      if (event instanceof HoldingsSet(_, var holdings)) {
        holdings
            .held()
            .forEach((partition, hold) ->
                atGrant.putIfAbsent(
                    new Grant(step.group(), partition, hold.grantedEpoch()),
                    scene.commits(step.group(), partition).size()));
      }
    }
    if (!step.after().exists()) { // its epochs begin anew
      atGrant.keySet().removeIf(grant -> grant.group().equals(step.group()));
    }
  }

  @Override
  public void took(GroupScene scene, GroupReader reader, PartitionId partition, Granted granted) {
    var atLeast = atGrant.get(new Grant(reader.group(), partition, granted.epoch()));
    if (atLeast == null) {
      throw violated(
          scene.logOf(reader.group()),
          "%s has a grant of %s of epoch %d that nobody made",
          reader,
          partition,
          granted.epoch());
    }
    var commits = scene.commits(reader.group(), partition);
    boolean isKnown =
        granted.committed().isEmpty()
            ? atLeast == 0
            : since(commits, atLeast).stream()
                .anyMatch(each -> each.offset() == granted.committed().getAsLong());
    if (!isKnown) {
      throw violated(
          scene.logOf(reader.group()),
          "%s is granted %s at epoch %d from %s on, but %d commits of then lead to %s",
          reader,
          partition,
          granted.epoch(),
          granted.committed(),
          atLeast,
          since(commits, atLeast));
    }
  }

  /** The last of so many, and those after it. */
  private static List<Committed> since(List<Committed> commits, int count) {
    return commits.subList(Math.min(Math.max(0, count - 1), commits.size()), commits.size());
  }

  @Override
  public void kept(GroupScene scene, GroupReader reader, PartitionId partition, String note) {
    if (!scene.isCommitted(note)) {
      throw violated(
          scene.logOf(reader.group()),
          "%s was told that %s of %s is kept, but it is not",
          reader,
          note,
          partition);
    }
    scene.acknowledged(reader.group(), partition, scene.indexOf(reader.group(), partition, note));
  }

  @Override
  public void found(GroupScene scene, OffsetsSeen answer) {
    answer
        .atLeast()
        .forEach((partition, count) -> {
          var note = answer.notes().get(partition);
          int index = note == null ? -1 : scene.indexOf(answer.group(), partition, note);
          boolean isForgotten = scene.commits(answer.group(), partition).size() < count;
          if (index < count - 1 && !isForgotten) {
            throw violated(
                scene.logOf(answer.group()),
                "group %s was asked when %d commits of %s were known, and told the one at %d: %s",
                answer.group(),
                count,
                partition,
                index,
                String.valueOf(note));
          }
        });
  }
}
