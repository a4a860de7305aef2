package dev.naru.simulation.invariant;

import dev.naru.broker.group.GroupEvent.OffsetGone;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Each number is processed by some member of each group, once at least: from where the group began,
 * or from the first on of a partition that is younger than the group's interest in its topic.
 */
public final class NothingSkipped implements GroupInvariant {

  private final Map<String, Map<String, Long>> wantedSinceMillis = new TreeMap<>();
  private final Map<String, Map<PartitionId, Long>> begun = new TreeMap<>();

  @Override
  public void committed(GroupScene scene, GroupStep step) {
    if (!step.after().exists()) { // the next member begins another group
      wantedSinceMillis.remove(step.group());
      begun.remove(step.group());
      return;
    }
    var since = wantedSinceMillis.computeIfAbsent(step.group(), _ -> new TreeMap<>());
    step.after().subscribed().forEach(topic -> since.putIfAbsent(topic, step.trueMillis()));
    for (var event : step.events()) {
      if (event instanceof OffsetGone(var partition)) {
        begun.computeIfAbsent(step.group(), _ -> new TreeMap<>()).remove(partition);
      }
    }
    var first = begun.computeIfAbsent(step.group(), _ -> new TreeMap<>());
    step.after()
        .offsets()
        .forEach((partition, committed) -> first.putIfAbsent(partition, committed.offset()));
  }

  @Override
  public void end(GroupScene scene) {
    for (var group : scene.groups()) {
      for (var reader : scene.readers(group)) {
        for (var topic : reader.topics()) {
          for (var partition : scene.partitionsOf(List.of(topic))) {
            check(scene, group, topic, partition);
          }
        }
      }
    }
  }

  private void check(GroupScene scene, String group, String topic, PartitionId partition) {
    long since =
        wantedSinceMillis.getOrDefault(group, Map.of()).getOrDefault(topic, Long.MAX_VALUE);
    boolean isYounger = scene.createdMillis(partition) > since;
    boolean isFromStart = scene.facts().readsFromStart(group) || isYounger;
    long from =
        isFromStart
            ? 0
            : begun
                .getOrDefault(group, Map.of())
                .getOrDefault(partition, scene.facts().numbers(partition)); // nothing came since
    int missing = scene.processed(group, partition).nextClearBit((int) from);
    if (missing < scene.facts().numbers(partition)) {
      throw violated(
          scene.logOf(group),
          "group %s never processed %d of %s, where there are [%d, %d)",
          group,
          missing,
          partition,
          from,
          scene.facts().numbers(partition));
    }
  }
}
