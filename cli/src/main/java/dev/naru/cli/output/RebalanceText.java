package dev.naru.cli.output;

import dev.naru.cli.json.Json;
import dev.naru.cli.text.Size;
import dev.naru.client.admin.NodeShare;
import dev.naru.client.admin.NodeShare.Share;
import dev.naru.client.admin.PlannedChange;
import dev.naru.client.admin.RebalancePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Plans of what evens out a cluster. */
public final class RebalanceText {

  private RebalanceText() {}

  /** What is written to a file, for people and for {@code naru rebalance apply}. */
  public static Json file(RebalancePlan plan) {
    return Json.object()
        .with("by", plan.aim().name().toLowerCase(Locale.ROOT))
        .with("metadataIndex", plan.metadataIndex())
        .with("nodes", Json.array(plan.nodes().stream().map(RebalanceText::inFile)))
        .with("notes", Json.array(plan.notes().stream().map(Json::text)))
        .with("cutShort", Json.bool(plan.isCutShort()))
        .with("partitions", Json.array(plan.changes().stream().map(RebalanceText::inFile)))
        .build();
  }

  private static Json inFile(NodeShare node) {
    return Json.object()
        .with("node", node.node())
        .with("leaders", arrow(node.before().leaders(), node.after().leaders()))
        .with("replicas", arrow(node.before().replicas(), node.after().replicas()))
        .with("bytes", arrow(size(node.before().bytes()), size(node.after().bytes())))
        .with("diskUsed", arrow(percent(node.before()), percent(node.after())))
        .build();
  }

  private static Json inFile(PlannedChange change) {
    var fields =
        Json.object()
            .with("partition", change.partition().toString())
            .with("why", change.why())
            .with("from", Json.numbers(change.from()))
            .with("nodes", Json.numbers(change.to()));
    change.leader().ifPresent(leader -> fields.with("leader", leader));
    fields.with("bytes", change.bytes());
    change.partitionEpoch().ifPresent(epoch -> fields.with("partitionEpoch", epoch));
    return fields.with("topicUid", change.topicUid()).build();
  }

  /** A {@code RebalancePlan}. */
  public static Json json(RebalancePlan plan) {
    return Json.object()
        .with("aim", "AIM_" + plan.aim())
        .with("metadataIndex", Json.int64(plan.metadataIndex()))
        .with("changes", Json.array(plan.changes().stream().map(RebalanceText::json)))
        .with("nodes", Json.array(plan.nodes().stream().map(RebalanceText::json)))
        .with("notes", Json.array(plan.notes().stream().map(Json::text)))
        .with("cutShort", Json.bool(plan.isCutShort()))
        .build();
  }

  private static Json json(PlannedChange change) {
    var fields =
        Json.object()
            .with("topic", "topics/" + change.partition().topic())
            .with("topicUid", change.topicUid())
            .with("partition", change.partition().partition());
    change.partitionEpoch().ifPresent(epoch -> fields.with("partitionEpoch", epoch));
    fields.with("from", Json.numbers(change.from())).with("to", Json.numbers(change.to()));
    change.leader().ifPresent(leader -> fields.with("leader", leader));
    return fields.with("bytes", Json.int64(change.bytes())).with("why", change.why()).build();
  }

  private static Json json(NodeShare node) {
    return Json.object()
        .with("node", node.node())
        .with("before", json(node.before()))
        .with("after", json(node.after()))
        .build();
  }

  private static Json json(Share share) {
    var fields =
        Json.object()
            .with("leaders", share.leaders())
            .with("replicas", share.replicas())
            .with("bytes", Json.int64(share.bytes()));
    share.diskUsed().ifPresent(used -> fields.with("diskUsed", Json.number(used)));
    return fields.build();
  }

  /** The partitions that change, by name. */
  public static String names(RebalancePlan plan) {
    return plan.changes().stream()
        .map(change -> change.partition().toString())
        .collect(Collectors.joining("\n"));
  }

  /** Two tables: the nodes, and what changes. */
  public static List<String> text(RebalancePlan plan) {
    var nodes = new Table("NODE", "LEADERS", "REPLICAS", "BYTES", "DISK");
    plan.nodes()
        .forEach(node ->
            nodes.row(
                node.node(),
                arrow(node.before().leaders(), node.after().leaders()),
                arrow(node.before().replicas(), node.after().replicas()),
                arrow(size(node.before().bytes()), size(node.after().bytes())),
                arrow(percent(node.before()), percent(node.after()))));
    var lines = new ArrayList<>(nodes.lines());
    if (!plan.changes().isEmpty()) {
      lines.add("");
      var changes = new Table("PARTITION", "FROM", "TO", "BYTES", "WHY");
      plan.changes()
          .forEach(change ->
              changes.row(
                  change.partition(),
                  Table.list(change.from()),
                  Table.list(change.to()),
                  size(change.bytes()),
                  change.why()));
      lines.addAll(changes.lines());
    }
    return lines;
  }

  private static String arrow(Object before, Object after) {
    return before.equals(after) ? after.toString() : before + " -> " + after;
  }

  private static String percent(Share share) {
    return share.diskUsed().isPresent()
        ? String.format(Locale.ROOT, "%.1f %%", share.diskUsed().getAsDouble() * 100)
        : "-";
  }

  private static String size(long bytes) {
    return new Size(bytes).inWords();
  }
}
