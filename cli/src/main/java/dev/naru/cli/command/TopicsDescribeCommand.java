package dev.naru.cli.command;

import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.ApiJson;
import dev.naru.cli.output.HotKeyNames;
import dev.naru.cli.output.Listing;
import dev.naru.cli.output.LoadText;
import dev.naru.cli.output.Table;
import dev.naru.cli.records.KeySearch;
import dev.naru.cli.text.TopicArgument;
import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.OffsetReset;
import dev.naru.client.admin.PartitionDescription;
import dev.naru.client.admin.TopicDescription;
import dev.naru.client.admin.TopicLoad;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code naru topics describe}. */
@Command(name = "describe", description = "One topic, with who leads and holds its partitions.")
public final class TopicsDescribeCommand implements Callable<Integer> {

  /** Somebody waits at a terminal, and the hash will do. */
  private static final Duration SEARCH_MAX = Duration.ofSeconds(5);

  @Parameters(paramLabel = "NAME", description = "The topic.")
  private String name = "";

  @Option(
      names = "--load",
      description =
          "Also what producers send to each partition, how unevenly, and by which keys. To name"
              + " these it reads the newest records.")
  private boolean isWithLoad;

  private final Invocation invocation;

  /** Belongs to this call. */
  public TopicsDescribeCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    try (var naru = invocation.open()) {
      var topic = invocation.await(naru.admin().describeTopic(TopicArgument.name(name)));
      return isWithLoad ? withLoad(naru, topic) : plain(topic);
    }
  }

  private int plain(TopicDescription topic) {
    invocation.print(
        Listing.single(topic, ApiJson::topic, ApiJson::topicName, TopicsDescribeCommand::text));
    return ExitStatus.DONE;
  }

  private int withLoad(NaruClient naru, TopicDescription topic) {
    var listing = invocation.await(naru.admin().partitionLoads(topic.name()));
    var load = listing.topics().stream().findFirst();
    var names = load.map(known -> hotKeys(naru, known)).orElseGet(HotKeyNames::none);
    invocation.print(
        Listing.single(
            topic,
            described -> ApiJson.topicWithLoad(described, load, names),
            ApiJson::topicName,
            described -> {
              var lines = new ArrayList<>(text(described));
              lines.add("");
              lines.addAll(
                  load.map(known -> LoadText.describe(known, names))
                      .orElse(List.of("no load is known yet")));
              return lines;
            }));
    return UnheardNodes.report(listing.unheard(), invocation.notes());
  }

  /** Nodes know hashes; the keys are in the records, for those who may read them. */
  private HotKeyNames hotKeys(NaruClient naru, TopicLoad load) {
    var nameless = HotKeyNames.nameless(load);
    if (nameless.isEmpty()) {
      return HotKeyNames.none();
    }
    try (var consumer =
        naru.consumer(Codec.bytes(), Codec.bytes()).autoOffsetReset(OffsetReset.NONE).build()) {
      return new KeySearch(consumer, SEARCH_MAX, System::nanoTime).find(nameless);
    } catch (NaruException why) {
      invocation
          .notes()
          .warn(why.code().name(), "hot keys are shown by their hashes: " + why.getMessage());
      return HotKeyNames.none();
    }
  }

  private static List<String> text(TopicDescription topic) {
    var lines = new ArrayList<String>();
    lines.addAll(
        new Table("TOPIC", topic.name())
            .row("id", topic.id().map(UUID::toString).orElse("-"))
            .row("created", topic.created())
            .row("replication factor", topic.replicationFactor())
            .row(
                "configs",
                topic.configs().isEmpty()
                    ? "the cluster's defaults"
                    : Table.list(topic.configs().entrySet()))
            .row("health", TopicHealth.of(topic))
            .lines());
    lines.add("");
    var partitions = new Table("PARTITION", "LEADER", "EPOCH", "REPLICAS", "ISR", "ELR");
    topic.partitions().forEach(partition -> row(partitions, partition));
    lines.addAll(partitions.lines());
    return lines;
  }

  private static void row(Table table, PartitionDescription partition) {
    var leader = partition.leader();
    table.row(
        partition.partition(),
        leader.isPresent() ? leader.getAsInt() : "none",
        partition.leaderEpoch(),
        Table.list(partition.replicas()),
        Table.list(partition.isr()),
        Table.list(partition.elr()));
  }
}
