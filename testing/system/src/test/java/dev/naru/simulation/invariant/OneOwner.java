package dev.naru.simulation.invariant;

import dev.naru.broker.group.MemberId;
import dev.naru.types.PartitionId;
import java.util.TreeMap;

/**
 * I24: no partition is in the hands of two members of a group: not by what is committed, and not by
 * what they do while their leases last. Two processes of one instance are left out: whoever starts
 * them both, has two that read, and only their commits are told apart.
 */
public final class OneOwner implements GroupInvariant {

  @Override
  public void committed(GroupScene scene, GroupStep step) {
    var holders = new TreeMap<PartitionId, MemberId>();
    for (var member : step.after().members().values()) {
      for (var partition : member.held().keySet()) {
        var other = holders.put(partition, member.id());
        if (other != null) {
          throw violated(
              step.log(),
              "group %s has %s in the hands of %s and of %s",
              step.group(),
              partition,
              other,
              member.id());
        }
      }
    }
    if (step.after().epoch() < step.before().epoch() && step.after().exists()) {
      throw violated(
          step.log(),
          "group %s goes back from epoch %d to %d",
          step.group(),
          step.before().epoch(),
          step.after().epoch());
    }
  }

  @Override
  public void took(GroupScene scene, GroupReader reader, PartitionId partition, Granted grant) {
    check(scene, reader, partition);
  }

  @Override
  public void handsOut(GroupScene scene, GroupReader reader, PartitionId partition) {
    check(scene, reader, partition);
  }

  private void check(GroupScene scene, GroupReader reader, PartitionId partition) {
    for (var other : scene.readers(reader.group())) {
      boolean isSameInstance =
          reader.instance().isPresent() && reader.instance().equals(other.instance());
      if (!other.id().equals(reader.id()) && !isSameInstance && other.isReading(partition)) {
        throw violated(
            scene.logOf(reader.group()), "%s reads %s, and so does %s", reader, partition, other);
      }
    }
  }
}
