package dev.naru.cli.command;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Interruption;
import dev.naru.cli.Invocation;
import dev.naru.cli.records.Consumption;
import dev.naru.cli.records.Consumption.Afterwards;
import dev.naru.cli.records.GroupEnd;
import dev.naru.cli.records.ReadFrom;
import dev.naru.cli.records.ReadTo;
import dev.naru.cli.records.RecordFormat;
import dev.naru.cli.records.StartPositions;
import dev.naru.cli.text.TopicArgument;
import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.OffsetReset;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.Consumer;
import dev.naru.client.consumer.RebalanceListener;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code naru consume}. */
@Command(name = "consume", description = "Prints records.")
public final class ConsumeCommand implements Callable<Integer> {

  /** While all that is granted has been read, and others of the group have yet to read theirs. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  @Parameters(
      paramLabel = "TOPIC[/P]",
      arity = "1..*",
      description = "Topics, or single partitions of them.")
  private List<TopicArgument> topics = new ArrayList<>();

  @Option(
      names = "--from",
      paramLabel = "PLACE",
      description = "beginning, end, offset:N, offset:-N or time:T (end).")
  private String from = "end";

  @Option(
      names = "--to",
      paramLabel = "PLACE",
      description = "Stop before offset:N, time:T or end.")
  private Optional<String> to = Optional.empty();

  @Option(
      names = "--exit-at-end",
      description =
          "The same as --to end. With --group: once the group has read all that is there now.")
  private boolean isExitingAtEnd;

  @Option(names = "-n", paramLabel = "N", description = "Stop after so many records.")
  private Optional<Long> count = Optional.empty();

  @Option(
      names = "--partition",
      paramLabel = "N",
      description = "Only this partition; may be repeated.")
  private List<Integer> partitions = new ArrayList<>();

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      description =
          "Share the topics with this group's other members, and commit what is printed; --from"
              + " beginning or end is where it begins without a commit.")
  private Optional<String> group = Optional.empty();

  @Option(
      names = {"-f", "--format"},
      paramLabel = "FORMAT",
      description =
          "%%k key, %%v value, %%o offset, %%p partition, %%t topic, %%h headers, %%s time in ms,"
              + " %%T time, %%K %%V lengths, %%%% (%%v\\n).")
  private Optional<String> format = Optional.empty();

  @Option(names = "--null", paramLabel = "TEXT", description = "What stands for null.")
  private Optional<String> nullText = Optional.empty();

  @Option(names = "--allow-loss", description = "A declared loss is no failure.")
  private boolean isLossAllowed;

  private final Invocation invocation;

  /** Belongs to this call. */
  public ConsumeCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    var compiled = compiledFormat();
    requireSenseOfGroup();
    var now = Instant.now();
    var start = ReadFrom.parse(from, now);
    var stop = stop(now);
    if (group.isPresent()) {
      stop.ifPresent(place -> GroupEnd.requireSettled(place, now));
    }
    var limits =
        new Consumption.Limits(
            count.map(OptionalLong::of).orElse(OptionalLong.empty()),
            invocation.flags().timeout(),
            isLossAllowed);
    try (var naru = invocation.open(Map.of());
        var consumer = consumer(naru, start)) {
      invocation.requireReachable(naru);
      var isAtEnd =
          group.isPresent() ? subscribe(consumer, start, stop) : assign(consumer, start, stop);
      var consumption =
          new Consumption(
              consumer,
              compiled,
              invocation.stdout(),
              invocation.notes(),
              limits,
              group.isPresent() ? Afterwards.COMMITTED : Afterwards.NOTHING,
              System::nanoTime,
              isAtEnd);
      return Interruption.during(
          () -> {
            consumption.run();
            return ExitStatus.DONE;
          },
          consumption::stop);
    }
  }

  private void requireSenseOfGroup() {
    if (group.isEmpty()) {
      return;
    }
    if (!partitions.isEmpty() || topics.stream().anyMatch(each -> each.partition().isPresent())) {
      throw CommandFailure.usage(
          "Expected whole topics with --group, which shares out their partitions, but some were named");
    }
    if (!from.equals("beginning") && !from.equals("end")) {
      throw CommandFailure.usage(
          "Expected --from beginning or end with --group, but was %s: naru groups reset-offsets sets another place"
              .formatted(from));
    }
  }

  private Consumer<byte[], byte[]> consumer(NaruClient naru, ReadFrom start) {
    var consumer = naru.consumer(Codec.bytes(), Codec.bytes()).autoOffsetReset(OffsetReset.NONE);
    group.ifPresent(name ->
        consumer
            .groupId(name)
            .autoCommit(false)
            .autoOffsetReset(
                start instanceof ReadFrom.Beginning ? OffsetReset.EARLIEST : OffsetReset.LATEST));
    return consumer.build();
  }

  private BooleanSupplier assign(
      Consumer<byte[], byte[]> consumer, ReadFrom start, Optional<Position> stop) {
    var chosen = choose(consumer);
    consumer.assign(chosen);
    new StartPositions(consumer, chosen, invocation.notes()).seek(start);
    stop.ifPresent(consumer::readUntil);
    return consumer::isAtStop;
  }

  /** What is printed is committed at once, so that there is nothing to do when it is given back. */
  private BooleanSupplier subscribe(
      Consumer<byte[], byte[]> consumer, ReadFrom start, Optional<Position> stop) {
    var names = topics.stream().map(TopicArgument::topic).distinct().toList();
    var all = // a topic that is not there is said to be so
        names.stream().flatMap(name -> consumer.partitionsOf(name).stream()).toList();
    var end =
        stop.map(place ->
            new GroupEnd(
                consumer,
                all,
                start,
                place,
                invocation.notes(),
                System::nanoTime,
                () -> LockSupport.parkNanos(PAUSE.toNanos())));
    consumer.subscribe(
        names,
        new RebalanceListener() {
          @Override
          public void onPartitionsRevoked(Collection<TopicPartition> given) {}

          @Override
          public void onPartitionsAssigned(Collection<TopicPartition> taken) {
            end.ifPresent(
                whole -> taken.forEach(each -> consumer.readUntil(each, whole.stopIn(each))));
          }
        });
    return end.<BooleanSupplier>map(whole -> whole::isReached).orElse(() -> false);
  }

  private RecordFormat compiledFormat() {
    var output = invocation.flags().output();
    if (output.isEmpty()) {
      return RecordFormat.compile(format.orElse("%v\\n"), nullText);
    }
    return switch (output.get()) {
      case JSON, JSONL -> {
        if (format.isPresent()) {
          throw CommandFailure.usage("Expected -f or -o, but both were given");
        }
        yield RecordFormat.jsonl();
      }
      default ->
          throw CommandFailure.usage(
              "Expected an output of jsonl for consume; -f FORMAT prints anything else");
    };
  }

  private Optional<Position> stop(Instant now) {
    if (isExitingAtEnd && to.isPresent()) {
      throw CommandFailure.usage("Expected --to or --exit-at-end, but both were given");
    }
    if (count.isPresent() && count.get() < 0) {
      throw CommandFailure.usage("Expected -n of at least 0, but was " + count.get());
    }
    return isExitingAtEnd
        ? Optional.of(Position.end())
        : to.map(text -> ReadTo.parse("--to", text, now));
  }

  private List<TopicPartition> choose(Consumer<?, ?> consumer) {
    var chosen = new TreeSet<TopicPartition>();
    for (var topic : topics) {
      var all = consumer.partitionsOf(topic.topic());
      var wanted =
          topic.partition().isPresent() ? List.of(topic.partition().getAsInt()) : partitions;
      if (wanted.isEmpty()) {
        chosen.addAll(all);
      }
      for (int number : wanted) {
        if (number < 0 || number >= all.size()) {
          throw CommandFailure.of(
              ErrorCode.PARTITION_NOT_FOUND,
              "Expected a partition of 0 to %d in %s, but was %d"
                  .formatted(all.size() - 1, topic.topic(), number));
        }
        chosen.add(new TopicPartition(topic.topic(), number));
      }
    }
    return List.copyOf(chosen);
  }
}
