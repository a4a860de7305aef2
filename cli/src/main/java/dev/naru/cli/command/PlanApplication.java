package dev.naru.cli.command;

import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.Notes;
import dev.naru.client.NaruException;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.Admin;
import dev.naru.client.admin.LeaderElection;
import dev.naru.client.admin.PlannedChange;
import dev.naru.client.admin.RebalancePlan;
import java.util.List;
import java.util.OptionalLong;

/** Carries a plan out, or says what would come of it. */
final class PlanApplication {

  private final Admin admin;
  private final Invocation invocation;

  PlanApplication(Admin admin, Invocation invocation) {
    this.admin = admin;
    this.invocation = invocation;
  }

  /**
   * Begins, and waits for the end if that is wanted; then the preferred leaders are to lead.
   *
   * @return the exit status: failed if it was waited for, and one of them does not
   */
  int apply(RebalancePlan plan, OptionalLong rate, boolean isDryRun, boolean isAwaited) {
    if (plan.changes().isEmpty()) {
      invocation.notes().note("the plan is empty: nothing to do");
      return ExitStatus.DONE;
    }
    var wait = new OperationWait(invocation);
    if (isDryRun) {
      var planned = invocation.await(admin.rebalancing().validate(plan, rate));
      return wait.show(admin, planned, true, false);
    }
    var begun = invocation.await(admin.rebalancing().apply(plan, rate));
    int status = wait.report(admin, begun, isAwaited);
    var later = plan.changes().stream().filter(PlanApplication::changesLeaderLater).toList();
    if (later.isEmpty() || status != ExitStatus.DONE) {
      return status;
    }
    if (isAwaited) {
      var elections =
          invocation.await(
              admin.electPreferredLeaders(
                  later.stream().<TopicPartition>map(PlannedChange::partition).toList()));
      return elected(elections, invocation.notes());
    }
    invocation
        .notes()
        .note(
            "once it has ended, %d partitions can get new leaders: naru rebalance plan --by leaders"
                .formatted(later.size()));
    return status;
  }

  /**
   * Says which of them are not led as the plan wants. On stderr, as the operation has been printed
   * by then, and a second document would make the first one unreadable.
   *
   * @return the exit status: failed if there is one
   */
  static int elected(List<LeaderElection> elections, Notes notes) {
    int status = ExitStatus.DONE;
    for (var election : elections) {
      if (election.failure().isPresent()) {
        status = ExitStatus.FAILED;
        notes.say(whyNotElected(election, election.failure().get()));
      }
    }
    return status;
  }

  private static String whyNotElected(LeaderElection election, NaruException failure) {
    var leader = election.leader();
    return "%s: all has moved, but its preferred leader does not lead, %s: %s; once that is mended: naru partitions elect %s"
        .formatted(
            election.partition(),
            leader.isPresent() ? "node " + leader.getAsInt() + " does" : "nobody does",
            failure.getMessage(),
            election.partition());
  }

  /** The first replica is new, or gets data beside it, and the present leader stays. */
  private static boolean changesLeaderLater(PlannedChange change) {
    return change.leader().isPresent()
        && change.to().contains(change.leader().getAsInt())
        && change.to().getFirst() != change.leader().getAsInt()
        && !change.from().containsAll(change.to());
  }
}
