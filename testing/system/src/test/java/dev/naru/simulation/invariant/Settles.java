package dev.naru.simulation.invariant;

import dev.naru.broker.group.GroupImage;
import dev.naru.broker.group.MemberId;
import dev.naru.types.PartitionId;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * L2: once nothing breaks any more, each group comes to rest: those who live are its members, each
 * reads what it should, and together they read everything.
 */
public final class Settles {

  private final GroupScene scene;

  public Settles(GroupScene scene) {
    this.scene = scene;
  }

  /** What has not come to rest yet. */
  public Optional<Violation> whatIsMissing() {
    for (var group : scene.groups()) {
      var log = scene.logOf(group);
      var what = whatIsMissing(group, scene.image(group));
      if (what.isPresent()) {
        return Optional.of(new Violation("Settles", log, "group " + group + what.get()));
      }
    }
    return Optional.empty();
  }

  private Optional<String> whatIsMissing(String group, GroupImage image) {
    var readers = scene.readers(group);
    var alive = new TreeMap<MemberId, GroupReader>();
    readers.forEach(reader -> alive.put(reader.id(), reader));
    if (!image.members().keySet().equals(alive.keySet())) {
      return Optional.of(" has the members " + image.members().keySet() + ", alive are " + alive);
    }
    var read = new TreeSet<PartitionId>();
    for (var member : image.members().values()) {
      var reader = alive.get(member.id());
      if (!member.allowed().equals(member.target()) || member.owesSomething()) {
        return Optional.of(" has " + reader + ", which should read " + member.target());
      }
      if (reader == null || !reader.reads().equals(member.allowed())) {
        return Optional.of(" has " + reader + ", which may read " + member.allowed());
      }
      read.addAll(reader.reads());
    }
    var all = new TreeSet<>(scene.partitionsOf(image.subscribed()));
    return read.equals(all)
        ? Optional.empty()
        : Optional.of(" reads " + read + ", but there are " + all);
  }
}
