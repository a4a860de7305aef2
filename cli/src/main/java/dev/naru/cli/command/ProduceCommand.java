package dev.naru.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Interruption;
import dev.naru.cli.Invocation;
import dev.naru.cli.records.AckPrinter;
import dev.naru.cli.records.JsonLine;
import dev.naru.cli.records.Production;
import dev.naru.cli.records.RecordShape;
import dev.naru.cli.records.TextLine;
import dev.naru.cli.text.Escapes;
import dev.naru.cli.text.NameValue;
import dev.naru.cli.text.TopicArgument;
import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.record.RecordHeader;
import dev.naru.types.ErrorCode;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code naru produce}. */
@Command(name = "produce", description = "Sends stdin, one record a line.")
public final class ProduceCommand implements Callable<Integer> {

  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

  @Parameters(paramLabel = "TOPIC", description = "Where the records go.")
  private String topic = "";

  @Option(names = "--file", paramLabel = "F", description = "Read this file instead.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--delimiter",
      paramLabel = "TEXT",
      description = "What ends a record (\\n); knows \\0 \\n \\t \\r \\\\ \\xHH.")
  private String delimiter = "\\n";

  @Option(names = "--key-separator", paramLabel = "SEP", description = "What ends a line's key.")
  private Optional<String> keySeparator = Optional.empty();

  @Option(names = "--key", paramLabel = "K", description = "The key of all records.")
  private Optional<String> key = Optional.empty();

  @Option(
      names = "--null",
      paramLabel = "TEXT",
      description = "A key or value equal to this is sent as null.")
  private Optional<String> nullText = Optional.empty();

  @Option(names = "--partition", paramLabel = "N", description = "Where all records go.")
  private Optional<Integer> partition = Optional.empty();

  @Option(names = "--acks", paramLabel = "0|1|all", description = "When a record counts (all).")
  private Optional<String> acks = Optional.empty();

  @Option(
      names = "--header",
      paramLabel = "NAME=VALUE",
      description = "A header of all records; may be repeated.")
  private List<NameValue> headers = new ArrayList<>();

  @Option(
      names = "--compression",
      paramLabel = "TYPE",
      description = "none, gzip, snappy, lz4 or zstd (none).")
  private Optional<String> compression = Optional.empty();

  @Option(names = "--rate", paramLabel = "R", description = "At most so many records a second.")
  private double rate;

  @Option(
      names = "--format",
      paramLabel = "FORM",
      description = "text, or jsonl: objects with key, value, headers, partition, timestamp.")
  private String format = "text";

  private final Invocation invocation;

  /** Belongs to this call. */
  public ProduceCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() throws IOException {
    var shape = shape();
    var print = AckPrinter.of(invocation.flags().output());
    byte[] delimiterBytes = Escapes.bytes(delimiter);
    if (!(rate >= 0 && rate < Double.POSITIVE_INFINITY)) {
      throw CommandFailure.usage("Expected a --rate above 0, but was " + rate);
    }
    try (var input = open();
        var naru = invocation.open(settings())) {
      requireTopic(naru);
      try (var producer = naru.producer(Codec.bytes(), Codec.bytes()).build()) {
        var production =
            new Production(topic, producer, shape, print, invocation.stdout(), invocation.notes());
        return Interruption.during(
            () -> {
              production.run(input, delimiterBytes, rate, System::nanoTime);
              return ExitStatus.DONE;
            },
            production::stop);
      }
    }
  }

  private RecordShape shape() {
    var to = partition.map(OptionalInt::of).orElse(OptionalInt.empty());
    var all =
        headers.stream()
            .map(header ->
                RecordHeader.of(header.name(), ByteBuffer.wrap(header.value().getBytes(UTF_8))))
            .toList();
    return switch (format) {
      case "text" ->
          new TextLine(
              topic,
              keySeparator.map(Escapes::bytes),
              key.map(text -> text.getBytes(UTF_8)),
              nullText.map(text -> text.getBytes(UTF_8)),
              to,
              all);
      case "jsonl" -> {
        if (keySeparator.isPresent() || key.isPresent() || nullText.isPresent()) {
          throw CommandFailure.usage(
              "Expected no --key, --key-separator or --null with --format jsonl");
        }
        yield new JsonLine(topic, to, all);
      }
      default -> throw CommandFailure.usage("Expected --format text or jsonl, but was " + format);
    };
  }

  /** {@code --timeout} bounds each record, so nothing on its way may take longer. */
  private Map<String, String> settings() {
    var settings = new LinkedHashMap<String, String>();
    acks.ifPresent(value -> settings.put("acks", value));
    compression.ifPresent(value -> settings.put("compression.type", value));
    invocation
        .flags()
        .timeout()
        .ifPresent(limit -> {
          var request = limit.compareTo(REQUEST_TIMEOUT) < 0 ? limit : REQUEST_TIMEOUT;
          settings.put("delivery.timeout.ms", Long.toString(limit.toMillis()));
          settings.put("max.block.ms", Long.toString(limit.toMillis()));
          settings.put("request.timeout.ms", Long.toString(request.toMillis()));
        });
    return settings;
  }

  private InputStream open() throws IOException {
    if (file.isEmpty()) {
      return new FileInputStream(FileDescriptor.in);
    }
    if (Files.isDirectory(file.get())) {
      throw CommandFailure.usage("Expected a file, but " + file.get() + " is a directory");
    }
    try {
      return Files.newInputStream(file.get());
    } catch (NoSuchFileException e) {
      throw CommandFailure.usage("Expected a file, but there is no " + file.get());
    } catch (AccessDeniedException e) {
      throw CommandFailure.usage("Expected a file that may be read, but not so " + file.get());
    }
  }

  /** Before the first line is read: the producer would wait for a topic that may come. */
  private void requireTopic(NaruClient naru) {
    TopicArgument.parse(topic);
    var described = invocation.await(naru.admin().describeTopic(topic));
    int count = described.partitionCount();
    if (partition.isPresent() && (partition.get() < 0 || partition.get() >= count)) {
      throw CommandFailure.of(
          ErrorCode.PARTITION_NOT_FOUND,
          "Expected a partition of 0 to %d in %s, but was %d"
              .formatted(count - 1, topic, partition.get()));
    }
  }
}
