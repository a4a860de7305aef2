package dev.naru.cli.text;

import dev.naru.cli.CommandFailure;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.PlannedChange;
import dev.naru.client.admin.RebalanceAim;
import dev.naru.client.admin.RebalancePlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * A plan as {@code naru rebalance plan} prints it. Whoever reads it may take partitions out; what
 * is left is carried out. Each entry says for which entry of its partition it was made, without
 * which nobody would notice that it is out of date.
 */
public final class RebalanceFile {

  private RebalanceFile() {}

  /** Reads a plan; a {@link CommandFailure} says what is wrong with it. */
  public static RebalancePlan read(Path file) {
    return parse(PlanDocument.text(file));
  }

  /** The plan in this text. */
  public static RebalancePlan parse(String text) {
    var document = PlanDocument.parse(text);
    var entries = document.entries();
    var fields = document.fields();
    if (!(fields.get("by") instanceof String by)
        || !(fields.get("metadataIndex") instanceof Number index)) {
      throw CommandFailure.usage(
          "Expected by and metadataIndex in the plan, as naru rebalance plan prints them, but were "
              + PlanDocument.shown(fields.get("by") + " and " + fields.get("metadataIndex")));
    }
    var changes = changes(entries);
    return new RebalancePlan(
        aim(by),
        index.longValue(),
        changes,
        List.of(),
        List.of(),
        Boolean.TRUE.equals(fields.get("cutShort")));
  }

  private static List<PlannedChange> changes(List<?> entries) {
    var changes = new ArrayList<PlannedChange>();
    var seen = new TreeSet<TopicPartition>();
    for (Object entry : entries) {
      var change = change(entry);
      if (!seen.add(change.partition())) {
        throw PlanDocument.twice(change.partition());
      }
      changes.add(change);
    }
    return changes;
  }

  /** What is evened out, as {@code --by} and a plan name it. */
  public static RebalanceAim aim(String by) {
    return switch (by) {
      case "leaders" -> RebalanceAim.LEADERS;
      case "bytes" -> RebalanceAim.BYTES;
      case "disk" -> RebalanceAim.DISK;
      default ->
          throw CommandFailure.usage(
              "Expected leaders, bytes or disk, but was " + PlanDocument.shown(by));
    };
  }

  private static PlannedChange change(Object entry) {
    if (!(entry instanceof Map<?, ?> each)
        || !(each.get("partition") instanceof String name)
        || !(each.get("nodes") instanceof List<?> nodes)
        || !(each.get("from") instanceof List<?> from)
        || !(each.get("partitionEpoch") instanceof Integer epoch)
        || !(each.get("topicUid") instanceof String uid)) {
      throw CommandFailure.usage(
          "Expected partition, from, nodes, partitionEpoch and topicUid in each entry, as naru"
              + " rebalance plan prints them, but was "
              + PlanDocument.shown(entry));
    }
    return new PlannedChange(
        PlanDocument.partition(name),
        uid,
        OptionalInt.of(epoch),
        PlanDocument.nodes(name, from),
        PlanDocument.nodes(name, nodes),
        each.get("leader") instanceof Integer leader ? OptionalInt.of(leader) : OptionalInt.empty(),
        each.get("bytes") instanceof Number bytes ? bytes.longValue() : 0,
        each.get("why") instanceof String why ? why : "");
  }
}
