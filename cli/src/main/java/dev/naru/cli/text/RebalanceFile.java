package dev.naru.cli.text;

import dev.naru.cli.CommandFailure;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.PlannedChange;
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
  public static List<PlannedChange> read(Path file) {
    return parse(ReassignmentPlan.text(file));
  }

  /** The plan in this text. */
  public static List<PlannedChange> parse(String text) {
    var changes = new ArrayList<PlannedChange>();
    var seen = new TreeSet<TopicPartition>();
    for (Object entry : ReassignmentPlan.entries(text)) {
      var change = change(entry);
      if (!seen.add(change.partition())) {
        throw CommandFailure.usage(
            "Expected each partition once, but " + change.partition() + " comes again");
      }
      changes.add(change);
    }
    return changes;
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
              + entry);
    }
    return new PlannedChange(
        ReassignmentPlan.partition(name),
        uid,
        OptionalInt.of(epoch),
        ReassignmentPlan.nodes(name, from),
        ReassignmentPlan.nodes(name, nodes),
        each.get("leader") instanceof Integer leader ? OptionalInt.of(leader) : OptionalInt.empty(),
        each.get("bytes") instanceof Number bytes ? bytes.longValue() : 0,
        each.get("why") instanceof String why ? why : "");
  }
}
