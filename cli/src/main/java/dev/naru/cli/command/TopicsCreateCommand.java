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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code naru topics create}. Several are asked for with one call, and each is made, or is not, for
 * itself.
 */
@Command(name = "create", description = "Makes topics.")
public final class TopicsCreateCommand implements Callable<Integer> {

  @Parameters(paramLabel = "NAME", arity = "1..*", description = "The topics, all alike.")
  private List<String> names = new ArrayList<>();

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
      var wanted = names.stream().map(this::newTopic).toList();
      var answers = ask(admin, wanted);
      var there = new ArrayList<TopicDescription>();
      var failures = new ArrayList<CompletionException>();
      for (int i = 0; i < wanted.size(); i++) {
        try {
          there.add(made(answers.get(i)).orElseGet(existing(admin, wanted.get(i))));
        } catch (CompletionException e) {
          failures.add(e);
        }
      }
      if (!there.isEmpty()) {
        print(there);
      }
      raise(failures);
      return ExitStatus.DONE;
    }
  }

  private List<CompletableFuture<TopicDescription>> ask(Admin admin, List<NewTopic> wanted) {
    if (isDryRun) {
      return wanted.stream().map(admin::validateCreateTopic).toList();
    }
    return wanted.size() == 1
        ? List.of(admin.createTopic(wanted.getFirst()))
        : admin.createTopics(wanted);
  }

  /** Empty when there is one already, and that is fine. */
  private Optional<TopicDescription> made(CompletableFuture<TopicDescription> answer) {
    try {
      var topic = invocation.await(answer);
      report(topic);
      return Optional.of(topic);
    } catch (CompletionException e) {
      if (isExistingFine
          && e.getCause() instanceof NaruException refused
          && refused.code() == ErrorCode.TOPIC_ALREADY_EXISTS) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Supplier<TopicDescription> existing(Admin admin, NewTopic wanted) {
    return () -> {
      var existing = invocation.await(admin.describeTopic(wanted.name()));
      invocation.notes().note("topics/" + existing.name() + " exists");
      return existing;
    };
  }

  /** The first says how the command ends; of the others, too, somebody must hear. */
  private void raise(List<CompletionException> failures) {
    failures.stream()
        .skip(1)
        .flatMap(each ->
            each.getCause() instanceof NaruException refused ? Stream.of(refused) : Stream.empty())
        .forEach(refused ->
            invocation.notes().warn(refused.code().name(), String.valueOf(refused.getMessage())));
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
  }

  private NewTopic newTopic(String name) {
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
  }

  /** Programs get the topics; people have read the notes. */
  private void print(List<TopicDescription> there) {
    invocation.print(
        names.size() == 1
            ? Listing.single(
                there.getFirst(), ApiJson::topic, ApiJson::topicName, made -> List.of())
            : Listing.list(
                "topics",
                there,
                ApiJson::topic,
                ApiJson::topicName,
                made -> List.of(),
                made -> List.of()));
  }
}
