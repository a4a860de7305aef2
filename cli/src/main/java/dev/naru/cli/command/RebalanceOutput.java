package dev.naru.cli.command;

import dev.naru.cli.Invocation;
import dev.naru.cli.output.Listing;
import dev.naru.cli.output.RebalanceText;
import dev.naru.cli.text.Size;
import dev.naru.client.admin.PlannedChange;
import dev.naru.client.admin.RebalancePlan;

/** A plan as a file that {@code naru rebalance apply} reads, and in short for whoever reads it. */
final class RebalanceOutput {

  private RebalanceOutput() {}

  /** With notes on what it leaves out. */
  static void print(RebalancePlan plan, Invocation invocation) {
    plan.notes().forEach(invocation.notes()::note);
    invocation.notes().note(inShort(plan));
    PlanOutput.print(
        RebalanceText.file(plan),
        Listing.single(plan, RebalanceText::json, RebalanceText::names, RebalanceText::text),
        invocation);
  }

  private static String inShort(RebalancePlan plan) {
    if (plan.changes().isEmpty()) {
      return "even enough: nothing would change";
    }
    long bytes = plan.changes().stream().mapToLong(PlannedChange::bytes).sum();
    return "%d partitions would change, %s would be copied%s"
        .formatted(
            plan.changes().size(),
            new Size(bytes).inWords(),
            plan.isCutShort() ? "; more would follow by another plan" : "");
  }
}
