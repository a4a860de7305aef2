package dev.naru.cli.dev;

import dev.naru.cli.dev.ProcessTable.Running;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Tells which process is which node. A number in a file proves nothing: its process may have ended,
 * and another may have been given the number. A node that somebody started again by hand is found
 * by what it was started with.
 */
final class NodeProcesses {

  private static final String NODE_MAIN = "dev.naru.broker.node.NodeMain";

  /** Between two readings of the same process; operating systems count in ticks. */
  private static final Duration START_TOLERANCE = Duration.ofSeconds(2);

  private final ProcessTable table;

  NodeProcesses(ProcessTable table) {
    this.table = table;
  }

  /** The process that is this node, whose configuration is in this file. */
  Optional<Running> find(DevNode node, Path config) {
    return table
        .find(node.pid())
        .filter(process -> isNode(process, node, config))
        .or(() -> table.all().filter(process -> wasStartedWith(process, config)).findFirst());
  }

  private static boolean isNode(Running process, DevNode node, Path config) {
    return process.arguments().isEmpty()
        ? process.started().map(started -> isClose(started, node.started())).orElse(false)
        : wasStartedWith(process, config);
  }

  private static boolean isClose(Instant one, Instant other) {
    return Duration.between(one, other).abs().compareTo(START_TOLERANCE) <= 0;
  }

  /** By the shell script that becomes a node, or by the node itself. */
  private static boolean wasStartedWith(Running process, Path config) {
    var arguments = process.arguments();
    int node = arguments.indexOf("node");
    boolean isStart = node >= 0 && arguments.indexOf("start") == node + 1;
    return (isStart || arguments.contains(NODE_MAIN))
        && arguments.stream().anyMatch(argument -> isPath(argument, config));
  }

  private static boolean isPath(String argument, Path path) {
    try {
      return Path.of(argument).toAbsolutePath().normalize().equals(path);
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
