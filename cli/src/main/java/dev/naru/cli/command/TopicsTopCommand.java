package dev.naru.cli.command;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.Listing;
import dev.naru.cli.output.LoadText;
import dev.naru.cli.output.LoadText.By;
import dev.naru.client.admin.LoadListing;
import dev.naru.client.admin.TopicLoad;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code naru topics top}. Fails if a node could not be asked, after the rest is printed: without
 * it shares and skew are not right.
 */
@Command(name = "top", description = "The topics and partitions that producers write most to.")
public final class TopicsTopCommand implements Callable<Integer> {

  @Option(
      names = "--by",
      paramLabel = "WHAT",
      description = "Compare bytes or records of the last minute (bytes).")
  private String by = "bytes";

  @Option(names = "-n", paramLabel = "N", description = "So many topics and partitions (10).")
  private int most = 10;

  private final Invocation invocation;

  /** Belongs to this call. */
  public TopicsTopCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    var measure = measure();
    if (most < 1) {
      throw CommandFailure.usage("Expected -n >= 1, but was " + most);
    }
    LoadListing listing;
    try (var naru = invocation.open()) {
      listing = invocation.await(naru.admin().partitionLoads());
    }
    invocation.print(
        Listing.list(
            "topics",
            listing.topics().stream()
                .sorted(
                    Comparator.comparingDouble((TopicLoad topic) -> measure.of(topic.minute()))
                        .reversed())
                .limit(most)
                .toList(),
            LoadText::json,
            topic -> "topics/" + topic.topic(),
            topics -> text(listing, measure),
            topics -> text(listing, measure)));
    return UnheardNodes.report(listing.unheard(), invocation.notes());
  }

  private List<String> text(LoadListing listing, By measure) {
    return LoadText.top(listing, measure, most);
  }

  private By measure() {
    return switch (by) {
      case "bytes" -> By.BYTES;
      case "records" -> By.RECORDS;
      default -> throw CommandFailure.usage("Expected --by bytes or records, but was " + by);
    };
  }
}
