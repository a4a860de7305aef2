package dev.naru.cli.command;

import dev.naru.cli.Invocation;
import dev.naru.cli.json.Json;
import dev.naru.cli.json.YamlWriter;
import dev.naru.cli.output.Listing;
import dev.naru.cli.output.OperationText;
import dev.naru.cli.output.OutputFormat;
import dev.naru.client.admin.OperationDescription;
import dev.naru.client.admin.PartitionMove;

/** A plan as a file that {@code naru partitions reassign --plan} reads. */
final class PlanOutput {

  private PlanOutput() {}

  /** In YAML for people too; as the API has it in other forms. */
  static void print(OperationDescription planned, Invocation invocation) {
    var format = invocation.output();
    if (format == OutputFormat.TABLE || format == OutputFormat.YAML) {
      invocation.stdout().print(YamlWriter.document(plan(planned)));
      invocation.stdout().flush();
    } else {
      invocation.print(
          Listing.single(planned, OperationText::json, OperationText::name, OperationText::moves));
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
