package dev.naru.simulation.invariant;

import dev.naru.types.PartitionId;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Follows the logs of groups as they are committed, and asks every invariant of groups. */
public final class GroupWatch implements Invariant {

  private final GroupScene scene;
  private final Predicate<PartitionId> isOfGroups;
  private final Consumer<GroupStep> onStep;
  private final List<GroupInvariant> invariants =
      List.of(
          new OneOwner(),
          new CommitFencing(),
          new CommittedOffset(),
          new NoOffsetForgotten(),
          new NeverBeforeLoaded(),
          new ReplayEqualsImage(),
          new NothingSkipped());

  /**
   * Looks at these partitions.
   *
   * @param isOfGroups whether a partition holds groups
   * @param onStep told of each batch that is committed
   */
  public GroupWatch(
      GroupScene scene, Predicate<PartitionId> isOfGroups, Consumer<GroupStep> onStep) {
    this.scene = scene;
    this.onStep = onStep;
    this.isOfGroups = isOfGroups;
  }

  public GroupScene scene() {
    return scene;
  }

  /** Asks all of them. */
  public void ask(Consumer<GroupInvariant> question) {
    invariants.forEach(question);
  }

  @Override
  public void commits(Scene partitions, Replica leader, List<BatchMark> more) {
    if (!isOfGroups.test(leader.partition()) || more.isEmpty()) {
      return;
    }
    GroupFold.read(
        leader.view().log(),
        more.getFirst().base(),
        more.getLast().next(),
        (header, changes) -> {
          if (!changes.isEmpty()) {
            var group = changes.getFirst().group();
            var step = scene.take(leader.partition(), header, group, GroupFold.events(changes));
            onStep.accept(step);
            ask(each -> each.committed(scene, step));
          }
        });
  }

  @Override
  public void everything(Scene partitions, PartitionId partition) {
    if (isOfGroups.test(partition)) {
      partitions
          .replicas(partition)
          .forEach(replica -> ask(each -> each.looks(scene, partitions, replica)));
    }
  }

  /** When nothing happens any more. */
  public void end() {
    ask(each -> each.end(scene));
  }
}
