package dev.naru.broker.coordinator;

import dev.naru.broker.coordinator.Submitted.Denied;
import dev.naru.broker.coordinator.Submitted.Done;
import dev.naru.broker.coordinator.Submitted.NotWritten;
import dev.naru.broker.group.GroupCommand;
import dev.naru.broker.group.GroupCommand.ForgetOffsets;
import dev.naru.broker.group.GroupCommand.ForgetTopics;
import dev.naru.broker.group.GroupImage;
import dev.naru.types.TopicId;
import java.time.Duration;
import java.util.ArrayDeque;
import org.pcollections.TreePSet;

/**
 * Looks through the groups for what can be forgotten: offsets of topics that are deleted, and those
 * that nobody has used for long. A few groups at a time, so that it is in nobody's way.
 */
final class Forgetting {

  private final GroupTable table;
  private final GroupCommands commands;
  private final ShardPorts ports;
  private final ArrayDeque<String> left = new ArrayDeque<>();
  private Duration retention = Duration.ZERO;

  Forgetting(GroupTable table, GroupCommands commands, ShardPorts ports) {
    this.table = table;
    this.commands = commands;
    this.ports = ports;
  }

  boolean isDone() {
    return left.isEmpty();
  }

  /**
   * Begins with the first group, unless it is still at it.
   *
   * @param keep how long offsets of no use are kept
   */
  void begin(Duration keep) {
    if (left.isEmpty()) {
      retention = keep;
      table.all().forEach(slot -> left.add(slot.group()));
    }
  }

  /** Goes on for a while. */
  void tick() {
    for (int i = 0; i < ShardLimits.FORGET_MAX && !left.isEmpty(); i++) {
      var slot = table.known(left.peek());
      if (slot.isEmpty() || isDone(slot.get().group(), slot.get().image())) {
        left.poll();
      } else {
        return; // it is large, or nothing can be written now: the next tick goes on
      }
    }
  }

  private boolean isDone(String group, GroupImage image) {
    var dead = deadTopics(image);
    if (!dead.isEmpty() && !isDone(group, new ForgetTopics(dead))) {
      return false;
    }
    return image.hasMembers()
        || isDone(group, new ForgetOffsets(retention, ports.trustedMillis().getAsLong()));
  }

  private boolean isDone(String group, GroupCommand command) {
    return switch (commands.submit(group, command)) {
      case Done done -> !done.isChange();
      case Denied _ -> true;
      case NotWritten _ -> false;
    };
  }

  private TreePSet<TopicId> deadTopics(GroupImage image) {
    var dead = TreePSet.<TopicId>empty();
    for (var partition : image.offsets().keySet()) {
      dead = withIfDead(dead, partition.topic());
    }
    if (image.header().isPresent()) {
      for (var topic : image.header().get().firstSeen().keySet()) {
        dead = withIfDead(dead, topic);
      }
    }
    return dead;
  }

  private TreePSet<TopicId> withIfDead(TreePSet<TopicId> dead, TopicId topic) {
    return !dead.contains(topic) && ports.topics().isDeleted(topic) ? dead.plus(topic) : dead;
  }
}
