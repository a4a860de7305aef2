package dev.naru.cli.command;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.Confirmation;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.Listing;
import dev.naru.cli.output.RecoveryText;
import dev.naru.cli.text.TopicArgument;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.RecoveredPartition;
import dev.naru.client.admin.RecoveryCandidate;
import dev.naru.client.admin.RecoveryPlan;
import dev.naru.types.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code naru partitions recover}. */
@Command(
    name = "recover",
    description = {
      "Lets a partition go on that has nobody safe left, and gives up for good what the replica of"
          + " your choice does not have.",
      "First look whether a safe replica can come back: then nothing is lost. --dry-run prints what"
          + " each replica answered and which offsets would be lost.",
      "What was shown is sent along: if it is no longer so, nothing is done. What others have more is"
          + " cut off when they return, and kept: naru salvage list."
    },
    footer = {
      "",
      "Examples:",
      "  naru partitions recover orders/3 --dry-run",
      "  naru partitions recover orders/3 --best",
      "  naru partitions recover orders/3 --node 2 --yes -o json"
    })
public final class PartitionsRecoverCommand implements Callable<Integer> {

  @Parameters(paramLabel = "TOPIC/P", description = "The partition.")
  private TopicArgument named = new TopicArgument("", OptionalInt.empty());

  @Option(names = "--node", paramLabel = "N", description = "Let the replica on this node lead.")
  private Optional<Integer> node = Optional.empty();

  @Option(names = "--best", description = "Let the one lead whose log reaches furthest.")
  private boolean isBest;

  @Option(names = "--dry-run", description = "Only ask the replicas, and print what would be lost.")
  private boolean isDryRun;

  @Option(names = "--yes", description = "Do not ask.")
  private boolean isConfirmed;

  private final Invocation invocation;

  /** Belongs to this call. */
  public PartitionsRecoverCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    var partition = partition();
    if (node.isPresent() && isBest) {
      throw CommandFailure.usage("Expected --node or --best, but both were given");
    }
    if (!isDryRun && node.isEmpty() && !isBest) {
      throw CommandFailure.usage(
          "Expected --node N or --best, but neither was given; --dry-run prints what each would lose");
    }
    if (!isDryRun && !isConfirmed) {
      Confirmation.requireTerminal();
    }
    try (var naru = invocation.open()) {
      var plan = invocation.await(naru.admin().planRecovery(partition));
      var chosen = node.isPresent() ? OptionalInt.of(node.get()) : plan.best();
      if (isDryRun) {
        print(plan, chosen);
        return ExitStatus.DONE;
      }
      RecoveryText.table(plan, chosen).forEach(invocation.notes()::note);
      var candidate = candidate(plan, chosen);
      if (!isConfirmed && !isAgreed(partition, candidate)) {
        invocation.notes().say("nothing was changed");
        return ExitStatus.FAILED;
      }
      print(invocation.await(naru.admin().recover(partition, candidate)));
      return ExitStatus.DONE;
    }
  }

  private TopicPartition partition() {
    if (named.partition().isEmpty()) {
      throw CommandFailure.usage("Expected TOPIC/PARTITION, but was " + named.topic());
    }
    return new TopicPartition(named.topic(), named.partition().getAsInt());
  }

  private static RecoveryCandidate candidate(RecoveryPlan plan, OptionalInt chosen) {
    if (chosen.isEmpty()) {
      throw CommandFailure.of(
          ErrorCode.NO_SAFE_REPLICA,
          "Expected a replica of %s that can lead, but there is none now"
              .formatted(plan.partition()));
    }
    var candidate =
        plan.candidate(chosen.getAsInt())
            .orElseThrow(() ->
                CommandFailure.of(
                    ErrorCode.NODE_NOT_FOUND,
                    "Expected a replica of %s on node %d, but it has none"
                        .formatted(plan.partition(), chosen.getAsInt())));
    if (candidate.loss().isEmpty()) {
      throw CommandFailure.of(
          ErrorCode.NO_SAFE_REPLICA,
          "Expected a replica of %s that can lead, but that on node %d cannot: %s"
              .formatted(
                  plan.partition(),
                  candidate.node(),
                  candidate.whyNot().orElse("no reason was given")));
    }
    return candidate;
  }

  private boolean isAgreed(TopicPartition partition, RecoveryCandidate candidate) {
    var question =
        "Let node %d lead %s and give up for good: %s?"
            .formatted(candidate.node(), partition, RecoveryText.loss(candidate.loss()));
    return Confirmation.isGiven(question, invocation.notes());
  }

  private void print(RecoveryPlan plan, OptionalInt chosen) {
    invocation.print(
        Listing.single(
            plan,
            each -> RecoveryText.json(each, chosen),
            each -> RecoveryText.name(each.partition()),
            each -> RecoveryText.table(each, chosen)));
  }

  private void print(RecoveredPartition recovered) {
    invocation.print(
        Listing.single(
            recovered,
            RecoveryText::json,
            each -> RecoveryText.name(each.partition()),
            each ->
                List.of(
                    "node %d leads %s; lost for good: %s"
                        .formatted(
                            each.leader(), each.partition(), RecoveryText.loss(each.loss())))));
  }
}
