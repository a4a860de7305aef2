package dev.naru.cli.command;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.debug.DetailJson;
import dev.naru.cli.debug.DetailTable;
import dev.naru.cli.debug.FilesOfNode;
import dev.naru.log.inspect.Detail;
import dev.naru.log.inspect.Wanted;
import dev.naru.types.ErrorCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code naru debug segment}. */
@Command(
    name = "segment",
    description =
        "Prints segments, indexes, seals, journals and small files; a directory stands for all in"
            + " it. Needs no node, disturbs none that runs, and writes nothing.")
public final class DebugSegmentCommand implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Files, or directories of them.")
  private List<Path> paths = new ArrayList<>();

  @Option(names = "--records", description = "The records of each batch, too.")
  private boolean isWithRecords;

  @Option(
      names = "--verify",
      description =
          "Check records, epochs, seals and indexes, and each file against those beside it.")
  private boolean isVerifying;

  @Option(names = "--from", paramLabel = "N", description = "Print from this offset on (0).")
  private long from;

  private final Invocation invocation;

  /** Belongs to this call. */
  public DebugSegmentCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    if (from < 0) {
      throw CommandFailure.usage("Expected --from of at least 0, but was " + from);
    }
    var files = paths.stream().map(FilesOfNode::at).toList();
    var wanted = new Wanted(isWithRecords, isVerifying, from);
    var damages = new ArrayList<String>();
    for (var each : files) {
      damages.addAll(each.inspect(wanted, listener(each::path)).stream().toList());
    }
    invocation.stdout().flush();
    if (!damages.isEmpty()) {
      throw CommandFailure.of(
          ErrorCode.CORRUPT_LOG, "Expected sound files, but " + String.join("; ", damages));
    }
    return ExitStatus.DONE;
  }

  private Consumer<Detail> listener(UnaryOperator<String> path) {
    return switch (invocation.output()) {
      case TABLE -> new DetailTable(invocation.stdout(), path);
      case JSON, JSONL -> new DetailJson(invocation.stdout(), path);
      default -> throw CommandFailure.usage("Expected an output of table or jsonl");
    };
  }
}
