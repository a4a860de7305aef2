package dev.naru.cli.output;

import dev.naru.cli.json.Json;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.LossRange;
import dev.naru.client.admin.RecoveredPartition;
import dev.naru.client.admin.RecoveryCandidate;
import dev.naru.client.admin.RecoveryPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What can be done for a partition that has nobody safe left, and what that would cost. */
public final class RecoveryText {

  private RecoveryText() {}

  /** Who answered what, and what is lost by each choice. */
  public static List<String> table(RecoveryPlan plan, OptionalInt chosen) {
    var table =
        new Table(
            "NODE", "EPOCH", "START", "END", "ON DISK", "COMMITTED", "SAFE", "LOST IF IT LEADS");
    for (var each : plan.candidates()) {
      boolean hasAnswered = each.lastEpoch().isPresent() || each.whyNot().isEmpty();
      table.row(
          each.node(),
          each.lastEpoch().isPresent() ? each.lastEpoch().getAsInt() : "-",
          hasAnswered ? each.logStart() : "-",
          hasAnswered ? each.end() : "-",
          hasAnswered ? each.durableEnd() : "-",
          hasAnswered ? each.highWatermark() : "-",
          each.isSafe() ? "yes" : "no",
          outcome(each));
    }
    var lines = new ArrayList<>(table.lines());
    lines.add(
        chosen.isPresent()
            ? verdict(plan, chosen.getAsInt())
            : "no replica of " + plan.partition() + " can lead now");
    return lines;
  }

  private static String verdict(RecoveryPlan plan, int node) {
    var candidate = plan.candidate(node);
    if (candidate.isEmpty()) {
      return "node %d has no replica of %s".formatted(node, plan.partition());
    }
    return candidate.get().loss().isPresent()
        ? "node %d would lead %s; lost for good: %s"
            .formatted(node, plan.partition(), loss(candidate.get().loss()))
        : "node %d cannot lead %s".formatted(node, plan.partition());
  }

  private static String outcome(RecoveryCandidate candidate) {
    return candidate.loss().isPresent()
        ? loss(candidate.loss())
        : "cannot lead: " + candidate.whyNot().orElse("no reason was given");
  }

  /** Which offsets, as exactly as it is known. */
  public static String loss(Optional<LossRange> loss) {
    if (loss.isEmpty()) {
      return "nothing";
    }
    var range = loss.get();
    boolean isEmpty = range.to() <= range.from();
    if (range.isExact()) {
      return isEmpty ? "nothing" : "offsets " + offsets(range);
    }
    return isEmpty
        ? "nothing that is known; unknown from offset " + range.from() + " on"
        : "at least offsets %s; unknown from offset %d on".formatted(offsets(range), range.to());
  }

  private static String offsets(LossRange range) {
    return "%d-%d (%,d)".formatted(range.from(), range.to() - 1, range.to() - range.from());
  }

  /** {@code topics/NAME/partitions/N}. */
  public static String name(TopicPartition partition) {
    return "topics/%s/partitions/%d".formatted(partition.topic(), partition.partition());
  }

  /** The plan, as the API has it. */
  public static Json json(RecoveryPlan plan, OptionalInt chosen) {
    var fields = Json.object().with("name", name(plan.partition()));
    chosen.ifPresent(node -> fields.with("leader", node));
    chosen.stream()
        .boxed()
        .flatMap(node -> plan.candidate(node).stream())
        .flatMap(each -> each.loss().stream())
        .forEach(loss -> fields.with("loss", json(loss)));
    return fields
        .with("candidates", Json.array(plan.candidates().stream().map(RecoveryText::json)))
        .build();
  }

  /** What came of it. */
  public static Json json(RecoveredPartition recovered) {
    var fields =
        Json.object().with("name", name(recovered.partition())).with("leader", recovered.leader());
    recovered.loss().ifPresent(loss -> fields.with("loss", json(loss)));
    return fields.build();
  }

  private static Json json(RecoveryCandidate candidate) {
    var fields =
        Json.object().with("node", candidate.node()).with("safe", Json.bool(candidate.isSafe()));
    candidate.whyNot().ifPresent(why -> fields.with("whyNot", why));
    candidate.lastEpoch().ifPresent(epoch -> fields.with("lastEpoch", epoch));
    fields
        .with("end", Json.int64(candidate.end()))
        .with("durableEnd", Json.int64(candidate.durableEnd()))
        .with("logStart", Json.int64(candidate.logStart()))
        .with("highWatermark", Json.int64(candidate.highWatermark()));
    candidate.loss().ifPresent(loss -> fields.with("loss", json(loss)));
    return fields.build();
  }

  private static Json json(LossRange loss) {
    return Json.object()
        .with("from", Json.int64(loss.from()))
        .with("to", Json.int64(loss.to()))
        .with("exact", Json.bool(loss.isExact()))
        .build();
  }
}
