package dev.naru.cli.text;

import dev.naru.cli.CommandFailure;
import dev.naru.client.TopicPartition;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where partitions are to be, as a file: {@code partitions} is a list of {@code partition:
 * orders/3} with {@code nodes: [1, 2, 4]}, the preferred leader first. JSON is read as well.
 */
public final class ReassignmentPlan {

  private ReassignmentPlan() {}

  /** Reads a plan; a {@link CommandFailure} says what is wrong with it. */
  public static Map<TopicPartition, List<Integer>> read(Path file) {
    return parse(PlanDocument.text(file));
  }

  /** The plan in this text. */
  public static Map<TopicPartition, List<Integer>> parse(String text) {
    var plan = new TreeMap<TopicPartition, List<Integer>>();
    for (Object entry : PlanDocument.parse(text).entries()) {
      if (!(entry instanceof Map<?, ?> each)
          || !(each.get("partition") instanceof String name)
          || !(each.get("nodes") instanceof List<?> nodes)) {
        throw CommandFailure.usage(
            "Expected a partition and its nodes in each entry of the plan, but was "
                + PlanDocument.shown(entry));
      }
      if (plan.put(PlanDocument.partition(name), PlanDocument.nodes(name, nodes)) != null) {
        throw PlanDocument.twice(name);
      }
    }
    return plan;
  }
}
