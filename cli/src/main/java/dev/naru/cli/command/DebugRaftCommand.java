package dev.naru.cli.command;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.debug.EntryLine;
import dev.naru.cli.debug.RaftJson;
import dev.naru.cli.json.JsonWriter;
import dev.naru.metadata.log.MetadataLogException;
import dev.naru.metadata.ratis.InspectedEntry;
import dev.naru.metadata.ratis.InspectedMetadata;
import dev.naru.metadata.ratis.LogPosition;
import dev.naru.metadata.ratis.MetadataInspection;
import dev.naru.types.Refused;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code naru debug raft}. */
@Command(
    name = "raft",
    description =
        "Prints what the cluster has agreed on, from the snapshot and the log in a metadata"
            + " directory, as JSON. Needs no node, disturbs none that runs, and writes nothing.")
public final class DebugRaftCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "DIRECTORY",
      arity = "1..*",
      description = "Metadata directories (metadata.dir of a node).")
  private List<Path> directories = new ArrayList<>();

  @Option(
      names = "--entries",
      description = "The entries of the log instead, one a line; also those before the snapshot.")
  private boolean isEntries;

  @Option(
      names = "--from",
      paramLabel = "N",
      description = "With --entries: print from this entry on (0).")
  private Optional<Long> from = Optional.empty();

  @Option(
      names = "--to",
      paramLabel = "N",
      description =
          "As of this entry, or print up to it (the last that is known to be committed; with"
              + " --entries the last).")
  private Optional<Long> to = Optional.empty();

  private final Invocation invocation;

  /** Belongs to this call. */
  public DebugRaftCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    if (from.isPresent() && !isEntries) {
      throw CommandFailure.usage("Expected --from together with --entries only");
    }
    if (from.orElse(0L) < 0 || to.orElse(0L) < 0) {
      throw CommandFailure.usage("Expected --from and --to of at least 0, where entries begin");
    }
    invocation.hushLibraries();
    var faults = new ArrayList<Refused>();
    for (Path directory : directories) {
      var found = isEntries ? printEntries(directory) : printImage(directory);
      faults.addAll(found.faults());
    }
    invocation.stdout().flush();
    if (!faults.isEmpty()) {
      throw CommandFailure.of(
          faults.getFirst().code(),
          "Expected a sound metadata log, but "
              + faults.stream().map(Refused::reason).collect(Collectors.joining("; ")));
    }
    return ExitStatus.DONE;
  }

  private InspectedMetadata printImage(Path directory) {
    boolean isOnOneLine =
        switch (invocation.output()) {
          case TABLE, JSON -> false;
          case JSONL -> true;
          default -> throw CommandFailure.usage("Expected an output of json or jsonl");
        };
    var through = to.map(OptionalLong::of).orElse(OptionalLong.empty());
    var found = inspect(directory, through, _ -> {});
    var json = RaftJson.of(directory, found);
    invocation.stdout().line(isOnOneLine ? JsonWriter.compact(json) : JsonWriter.pretty(json));
    long last = found.last().map(LogPosition::index).orElse(0L);
    if (to.isEmpty() && found.faults().isEmpty() && last > found.at().index()) {
      invocation
          .notes()
          .note(
              "entries %d to %d of %s are not known to be committed, and left out: --to %d for them too"
                  .formatted(found.at().index() + 1, last, directory, last));
    }
    return found;
  }

  private InspectedMetadata printEntries(Path directory) {
    Consumer<InspectedEntry> printer =
        switch (invocation.output()) {
          case TABLE -> {
            invocation.stdout().line(EntryLine.head());
            yield entry -> invocation.stdout().line(EntryLine.of(entry));
          }
          case JSON, JSONL ->
              entry -> invocation.stdout().line(JsonWriter.compact(RaftJson.of(entry)));
          default -> throw CommandFailure.usage("Expected an output of table or jsonl");
        };
    return inspect(
        directory,
        OptionalLong.empty(),
        entry -> {
          long index = entry.at().index();
          if (index >= from.orElse(0L) && index <= to.orElse(Long.MAX_VALUE)) {
            printer.accept(entry);
          }
        });
  }

  private static InspectedMetadata inspect(
      Path directory, OptionalLong through, Consumer<InspectedEntry> entries) {
    try {
      return MetadataInspection.of(directory, through, entries);
    } catch (MetadataLogException e) {
      throw CommandFailure.of(e.code(), String.valueOf(e.getMessage()));
    }
  }
}
