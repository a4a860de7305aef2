package dev.naru.simulation.invariant;

import dev.naru.broker.group.Committed;
import dev.naru.broker.group.GroupEvent.OffsetSet;
import dev.naru.types.PartitionId;

/**
 * An offset is kept only of a member that has the partition in its hands, by the grant under which
 * it was told to read it.
 */
public final class CommitFencing implements GroupInvariant {

  @Override
  public void committed(GroupScene scene, GroupStep step) {
    for (var event : step.events()) {
      if (event instanceof OffsetSet(var partition, var committed)) {
        check(step, partition, committed);
      }
    }
  }

  private void check(GroupStep step, PartitionId partition, Committed committed) {
    var note = CommitNote.parse(committed.metadata());
    var hold = step.before().member(note.member()).flatMap(member -> member.hold(partition));
    if (hold.filter(known -> known.grantedEpoch() <= note.epoch()).isEmpty()) {
      throw violated(
          step.log(),
          "group %s keeps %d of %s from %s, which has it by %s",
          step.group(),
          committed.offset(),
          partition,
          note,
          hold);
    }
  }
}
