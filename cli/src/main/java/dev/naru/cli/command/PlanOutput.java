package dev.naru.cli.command;

import dev.naru.cli.Invocation;
import dev.naru.cli.json.Json;
import dev.naru.cli.json.YamlWriter;
import dev.naru.cli.output.Listing;
import dev.naru.cli.output.OperationText;
import dev.naru.client.admin.OperationDescription;
import dev.naru.client.admin.PartitionMove;

/** Prints plans as files, such as {@code naru partitions reassign --plan} reads. */
final class PlanOutput {

  private PlanOutput() {}

  static void print(OperationDescription planned, Invocation invocation) {
    print(
        plan(planned),
        Listing.single(planned, OperationText::json, OperationText::name, OperationText::moves),
        invocation);
  }

  /** The file in YAML, also for people; in other forms what the API says. */
  static void print(Json file, Listing<?> said, Invocation invocation) {
    switch (invocation.output()) {
      case TABLE, YAML -> {
        invocation.stdout().print(YamlWriter.document(file));
        invocation.stdout().flush();
      }
      case WIDE, JSON, JSONL, NAME -> invocation.print(said);
    }
  }

  private static Json plan(OperationDescription planned) {
    return Json.object()
        .with("partitions", Json.array(planned.moves().stream().map(PlanOutput::entry)))
        .build();
  }

  private static Json entry(PartitionMove move) {
    return Json.object()
        .with("partition", move.partition().toString())
        .with("nodes", Json.numbers(move.to()))
        .build();
  }
}
