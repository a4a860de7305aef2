package dev.naru.cli.command;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.Listing;
import dev.naru.cli.output.QuorumText;
import dev.naru.cli.text.NodeArgument;
import dev.naru.client.admin.MetadataQuorum;
import dev.naru.client.admin.QuorumDescription;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code naru cluster quorum}. */
@Command(
    name = "quorum",
    description = {
      "Shows who votes on the cluster's metadata, who leads, and how far each member is.",
      "--promote makes a listener a voter, --demote a voter a listener; with both, one takes the"
          + " place of the other in one step. Refused if a majority of the voters would not be"
          + " alive, if who is to vote has not caught up, or if who is to listen is alive: stop it"
          + " first."
    },
    footer = {
      "",
      "Examples:",
      "  naru cluster quorum",
      "  naru cluster quorum --promote 4 --demote 2 --dry-run",
      "  naru cluster quorum --promote 4 --demote 2"
    })
public final class ClusterQuorumCommand implements Callable<Integer> {

  @Option(names = "--promote", paramLabel = "NODE", description = "Who is to vote.")
  private Optional<String> promote = Optional.empty();

  @Option(
      names = "--demote",
      paramLabel = "NODE",
      description = "Who is to listen only; must be stopped.")
  private Optional<String> demote = Optional.empty();

  @Option(names = "--dry-run", description = "Only check.")
  private boolean isDryRun;

  private final Invocation invocation;

  /** Belongs to this call. */
  public ClusterQuorumCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    boolean isChange = promote.isPresent() || demote.isPresent();
    if (isDryRun && !isChange) {
      throw CommandFailure.usage("Expected --promote or --demote with --dry-run, but was neither");
    }
    var promoted = node(promote);
    var demoted = node(demote);
    try (var naru = invocation.open()) {
      var quorum = naru.admin().quorum();
      var shown =
          invocation.await(isChange ? change(quorum, promoted, demoted) : quorum.describe());
      if (isChange) {
        invocation.notes().note(isDryRun ? "it would be done" : "done");
      }
      if (demoted.isPresent() && !isDryRun) {
        invocation
            .notes()
            .note(
                ("node %d only listens from now on; before it starts again, empty its metadata"
                        + " directory and run: naru node format --replace")
                    .formatted(demoted.getAsInt()));
      }
      invocation.print(
          Listing.single(shown, QuorumText::json, QuorumText::names, QuorumText::text));
      return ExitStatus.DONE;
    }
  }

  private CompletableFuture<QuorumDescription> change(
      MetadataQuorum quorum, OptionalInt promoted, OptionalInt demoted) {
    return isDryRun
        ? quorum.validateVoters(promoted, demoted)
        : quorum.changeVoters(promoted, demoted);
  }

  private static OptionalInt node(Optional<String> text) {
    return text.isPresent()
        ? OptionalInt.of(NodeArgument.parse(text.get()).id())
        : OptionalInt.empty();
  }
}
