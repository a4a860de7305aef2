package dev.naru.cli.command;

import dev.naru.cli.Invocation;
import dev.naru.cli.json.YamlWriter;
import dev.naru.cli.output.Listing;
import dev.naru.cli.output.OutputFormat;
import dev.naru.cli.output.RebalanceText;
import dev.naru.client.admin.PlannedChange;
import dev.naru.client.admin.RebalancePlan;

/** A plan as a file that {@code naru rebalance apply} reads, and in short for whoever reads it. */
final class RebalanceOutput {

  private RebalanceOutput() {}

  /** In YAML for people too; as the API has it in other forms. */
  static void print(RebalancePlan plan, Invocation invocation) {
    plan.notes().forEach(invocation.notes()::note);
    invocation.notes().note(inShort(plan));
    var format = invocation.output();
    if (format == OutputFormat.TABLE || format == OutputFormat.YAML) {
      invocation.stdout().print(YamlWriter.document(RebalanceText.file(plan)));
      invocation.stdout().flush();
    } else {
      invocation.print(
          Listing.single(plan, RebalanceText::json, RebalanceText::names, RebalanceText::text));
    }
  }

  private static String inShort(RebalancePlan plan) {
    if (plan.changes().isEmpty()) {
      return "even enough: nothing would change";
    }
    long bytes = plan.changes().stream().mapToLong(PlannedChange::bytes).sum();
    return "%d partitions would change, %s would be copied%s"
        .formatted(
            plan.changes().size(),
            RebalanceText.size(bytes),
            plan.isCutShort() ? "; more would follow by another plan" : "");
  }
}
