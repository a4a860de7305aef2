package dev.naru.cli.command;

import dev.naru.cli.ExitStatus;
import dev.naru.cli.Invocation;
import dev.naru.cli.dev.DevCluster;
import dev.naru.cli.dev.DevState;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code naru dev stop}. */
@Command(name = "stop", description = "Stops the cluster that naru dev runs; its data stays.")
public final class DevStopCommand implements Callable<Integer> {

  @Option(names = "--data-dir", paramLabel = "DIR", description = "Its data directory (data/dev).")
  private Path directory = Path.of(DevState.DIRECTORY_DEFAULT);

  private final Invocation invocation;

  /** Belongs to this call. */
  public DevStopCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    int stopped = DevCluster.open(directory).stop(invocation.notes());
    invocation
        .notes()
        .note(
            switch (stopped) {
              case 0 -> "nothing runs in " + directory;
              case 1 -> "stopped 1 node";
              default -> "stopped " + stopped + " nodes";
            });
    return ExitStatus.DONE;
  }
}
