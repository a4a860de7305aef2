package dev.naru.cli.command;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.Listing;
import dev.naru.cli.output.QuorumText;
import dev.naru.cli.text.NodeArgument;
import dev.naru.client.admin.MetadataQuorum;
import dev.naru.client.admin.QuorumDescription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code naru cluster quorum}. */
@Command(
    name = "quorum",
    description = {
      "Shows who votes on the cluster's metadata, who leads, and how far each member is.",
      "--promote makes listeners voters, --demote voters listeners; with both, one takes the"
          + " place of the other in one step. Refused if the voters would not be 1, 3 or 5, if a"
          + " majority of them would not be alive, if who is to vote does not serve or has not"
          + " caught up, or if who is to listen is alive: stop it first. Takes up to a minute."
    },
    footer = {
      "",
      "Examples:",
      "  naru cluster quorum",
      "  naru cluster quorum --promote 4 --demote 2 --dry-run",
      "  naru cluster quorum --promote 4 --demote 2",
      "  naru cluster quorum --promote 4,5"
    })
public final class ClusterQuorumCommand implements Callable<Integer> {

  /** As long as the cluster takes at most. */
  private static final Duration CHANGE_LIMIT = Duration.ofSeconds(60);

  @Option(names = "--promote", split = ",", paramLabel = "NODE", description = "Who is to vote.")
  private List<String> promote = new ArrayList<>();

  @Option(
      names = "--demote",
      split = ",",
      paramLabel = "NODE",
      description = "Who is to listen only; must be stopped.")
  private List<String> demote = new ArrayList<>();

  @Option(names = "--dry-run", description = "Only check.")
  private boolean isDryRun;

  private final Invocation invocation;

  /** Belongs to this call. */
  public ClusterQuorumCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    boolean isChange = !promote.isEmpty() || !demote.isEmpty();
    if (isDryRun && !isChange) {
      throw CommandFailure.usage("Expected --promote or --demote with --dry-run, but was neither");
    }
    var promoted = nodes(promote);
    var demoted = nodes(demote);
    try (var naru = invocation.open()) {
      var quorum = naru.admin().quorum();
      var now = invocation.await(quorum.describe());
      var shown = isChange ? change(quorum, now, promoted, demoted) : now;
      invocation.print(
          Listing.single(shown, QuorumText::json, QuorumText::names, QuorumText::text));
      return ExitStatus.DONE;
    }
  }

  private QuorumDescription change(
      MetadataQuorum quorum,
      QuorumDescription before,
      List<Integer> promoted,
      List<Integer> demoted) {
    var asked =
        isDryRun
            ? quorum.validateVoters(promoted, demoted)
            : quorum.changeVoters(promoted, demoted);
    var after = invocation.await(asked, CHANGE_LIMIT);
    new QuorumNotes(before, after, promoted, demoted)
        .lines(isDryRun)
        .forEach(invocation.notes()::note);
    return after;
  }

  private static List<Integer> nodes(List<String> texts) {
    return texts.stream().map(text -> NodeArgument.parse(text).id()).toList();
  }
}
