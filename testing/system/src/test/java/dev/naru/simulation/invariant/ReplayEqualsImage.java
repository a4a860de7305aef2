package dev.naru.simulation.invariant;

import dev.naru.broker.group.GroupImage;
import java.util.TreeMap;

/**
 * Whatever compaction has left of a log, each replica that has all of it leads to the groups that
 * there are; and so do the images of whoever coordinates them.
 */
public final class ReplayEqualsImage implements GroupInvariant {

  @Override
  public void looks(GroupScene scene, Scene partitions, Replica replica) {
    long end = partitions.truth(replica.partition()).highWatermark();
    if (!partitions.isComplete(replica) || replica.end() < end || end == 0) {
      return;
    }
    var read = GroupFold.images(replica.view().log(), end);
    for (var group : scene.groupsOf(replica.partition())) {
      var expected = scene.image(group);
      var found = read.remove(group);
      boolean isSame = found == null ? expected.isEmpty() : found.equals(expected);
      if (!isSame) {
        throw violated(
            replica.partition(),
            "%s leads to %s, but agreed on is %s",
            replica,
            String.valueOf(found),
            expected);
      }
    }
    if (!read.isEmpty()) {
      throw violated(replica.partition(), "%s has groups of nobody: %s", replica, read.keySet());
    }
  }

  @Override
  public void shown(GroupScene scene, ImagesSeen answer) {
    var shown = new TreeMap<String, GroupImage>();
    answer.groups().forEach(image -> shown.put(image.group(), image));
    for (var group : scene.groupsOf(answer.partition())) {
      var since = scene.imagesSince(group, answer.askedAt());
      var image = shown.remove(group);
      boolean isKnown =
          image == null ? since.stream().anyMatch(each -> !each.exists()) : since.contains(image);
      if (!isKnown) {
        throw violated(
            answer.partition(),
            "its coordinator shows %s, but agreed on were %s",
            String.valueOf(image),
            since);
      }
    }
    if (!shown.isEmpty()) {
      throw violated(answer.partition(), "its coordinator shows groups of nobody: %s", shown);
    }
  }
}
