package dev.naru.cli.command;

import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.output.ApiJson;
import dev.naru.cli.output.Listing;
import dev.naru.cli.text.NameValue;
import dev.naru.cli.text.TopicArgument;
import dev.naru.client.NaruException;
import dev.naru.client.admin.Admin;
import dev.naru.client.admin.NewTopic;
import dev.naru.client.admin.TopicDescription;
import dev.naru.types.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code naru topics create}. */
@Command(name = "create", description = "Makes a topic.")
public final class TopicsCreateCommand implements Callable<Integer> {

  @Parameters(paramLabel = "NAME", description = "The topic.")
  private String name = "";

  @Option(
      names = {"-p", "--partitions"},
      paramLabel = "N",
      description = "How many partitions (the cluster's num.partitions).")
  private Optional<Integer> partitions = Optional.empty();

  @Option(
      names = {"-r", "--replication-factor"},
      paramLabel = "N",
      description = "Copies of each (the cluster's default.replication.factor).")
  private Optional<Integer> replicationFactor = Optional.empty();

  @Option(
      names = "--config",
      paramLabel = "KEY=VALUE",
      description = "A setting of the topic; may be repeated.")
  private List<NameValue> configs = new ArrayList<>();

  @Option(names = "--if-not-exists", description = "A topic of that name is success too.")
  private boolean isExistingFine;

  @Option(names = "--dry-run", description = "Only check, and print what would be made.")
  private boolean isDryRun;

  private final Invocation invocation;

  /** Belongs to this call. */
  public TopicsCreateCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    try (var naru = invocation.open()) {
      var admin = naru.admin();
      create(admin)
          .ifPresentOrElse(
              this::report,
              () -> {
                var existing = invocation.await(admin.describeTopic(newTopic().name()));
                invocation.notes().note("topics/" + existing.name() + " exists");
                print(existing);
              });
      return ExitStatus.DONE;
    }
  }

  /** Empty when there is one already, and that is fine. */
  private Optional<TopicDescription> create(Admin admin) {
    try {
      var topic = newTopic();
      return Optional.of(
          invocation.await(isDryRun ? admin.validateCreateTopic(topic) : admin.createTopic(topic)));
    } catch (CompletionException e) {
      if (isExistingFine
          && e.getCause() instanceof NaruException refused
          && refused.code() == ErrorCode.TOPIC_ALREADY_EXISTS) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private NewTopic newTopic() {
    var topic = NewTopic.named(TopicArgument.name(name));
    if (partitions.isPresent()) {
      topic = topic.partitions(partitions.get());
    }
    if (replicationFactor.isPresent()) {
      topic = topic.replicationFactor(replicationFactor.get());
    }
    for (var config : configs) {
      topic = topic.config(config.name(), config.value());
    }
    return topic;
  }

  private void report(TopicDescription topic) {
    topic.warnings().forEach(warning -> invocation.notes().warn(warning.code(), warning.message()));
    invocation
        .notes()
        .note(
            "%s topics/%s: %d partitions, replication factor %d"
                .formatted(
                    isDryRun ? "would create" : "created",
                    topic.name(),
                    topic.partitionCount(),
                    topic.replicationFactor()));
    print(topic);
  }

  /** Programs get the topic; people have read the note. */
  private void print(TopicDescription topic) {
    invocation.print(Listing.single(topic, ApiJson::topic, ApiJson::topicName, made -> List.of()));
  }
}
