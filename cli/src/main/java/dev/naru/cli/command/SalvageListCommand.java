package dev.naru.cli.command;

import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.Listing;
import dev.naru.cli.salvage.SalvageText;
import dev.naru.cli.text.TopicArgument;
import dev.naru.client.NaruException;
import dev.naru.client.admin.SalvageEntry;
import dev.naru.client.admin.SalvageListing;
import dev.naru.types.ErrorCode;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code naru salvage list}. Fails if a node could not be asked or a directory not be read, after
 * the rest is printed.
 */
@Command(
    name = "list",
    description = {
      "Lists what all nodes have set aside, the latest first.",
      "Only cut-tail and torn-tail may hold records that no log has any more; all else was fetched"
          + " again or is gone on purpose.",
      "A node that cannot be asked, or a directory of one that cannot be read, is named on stderr"
          + " only. The list is not complete then, and the exit status not 0."
    },
    footer = {
      "",
      "Examples:",
      "  naru salvage list",
      "  naru salvage list --topic orders/3",
      "  naru salvage list --node 2 -o jsonl"
    })
public final class SalvageListCommand implements Callable<Integer> {

  @Option(
      names = "--topic",
      paramLabel = "TOPIC[/P]",
      description = "Only of this topic, by name or by id, or of one partition of it.")
  private Optional<TopicArgument> topic = Optional.empty();

  @Option(names = "--node", paramLabel = "N", description = "Ask only this node (all).")
  private Optional<Integer> node = Optional.empty();

  private final Invocation invocation;

  /** Belongs to this call. */
  public SalvageListCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    SalvageListing listing;
    try (var naru = invocation.open()) {
      var salvage = naru.admin().salvage();
      listing = invocation.await(node.isPresent() ? salvage.list(node.get()) : salvage.list());
    }
    var latestFirst =
        Comparator.comparing((SalvageEntry entry) -> entry.created().orElse(Instant.MIN))
            .reversed()
            .thenComparing(SalvageEntry::name);
    invocation.print(
        Listing.list(
            "entries",
            listing.entries().stream().filter(this::isWanted).sorted(latestFirst).toList(),
            SalvageText::json,
            SalvageEntry::name,
            SalvageText::table,
            SalvageText::wide));
    listing.unheard().forEach(this::warn);
    listing.unreadable().forEach(this::warn);
    int incomplete = listing.unreadable().isEmpty() ? ExitStatus.DONE : ExitStatus.FAILED;
    return listing.unheard().values().stream()
        .findFirst()
        .map(failure -> failure.code().exitStatus())
        .orElse(incomplete);
  }

  private boolean isWanted(SalvageEntry entry) {
    return topic
        .map(wanted ->
            (entry.topic().equals(Optional.of(wanted.topic()))
                    || entry.topicId().map(Object::toString).equals(Optional.of(wanted.topic())))
                && (wanted.partition().equals(OptionalInt.empty())
                    || wanted.partition().equals(entry.partition())))
        .orElse(true);
  }

  private void warn(SalvageListing.Unreadable directory) {
    invocation
        .notes()
        .warn(
            ErrorCode.STORAGE_FAILED.name(),
            "what lies in %s of node %d is not listed: %s"
                .formatted(directory.location(), directory.node(), directory.reason()));
  }

  private void warn(int silent, NaruException failure) {
    invocation
        .notes()
        .warn(
            failure.code().name(),
            "node %d could not be asked, so what it has is not listed: %s"
                .formatted(silent, failure.getMessage()));
  }
}
