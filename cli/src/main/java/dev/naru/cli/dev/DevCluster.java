package dev.naru.cli.dev;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.dev.ProcessTable.Running;
import dev.naru.cli.output.Notes;
import dev.naru.types.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A cluster of child processes that lives in one directory, whether it runs or not. */
public final class DevCluster {

  private final Path directory;
  private final DevState state;
  private final NodeProcesses processes;

  private DevCluster(Path directory, DevState state) {
    this.directory = directory;
    this.state = state;
    this.processes = new NodeProcesses(ProcessTable.ofSystem());
  }

  /** The cluster that was made in this directory. */
  public static DevCluster open(Path directory) {
    var absolute = directory.toAbsolutePath().normalize();
    return DevState.read(absolute)
        .map(state -> new DevCluster(absolute, state))
        .orElseThrow(() ->
            CommandFailure.of(
                    ErrorCode.NODE_NOT_FOUND,
                    "Expected a dev cluster in " + directory + ", but there is none")
                .withHint("--data-dir DIR names another directory; naru dev starts one"));
  }

  /** Keeps others from starting a cluster in this directory, which is made if need be. */
  static DevLock lock(Path directory) {
    try {
      Files.createDirectories(directory);
      return DevLock.take(directory);
    } catch (IOException e) {
      throw FileFaults.of(directory, e);
    }
  }

  /**
   * The cluster of this directory, made if need be, once nothing stands in the way of its start.
   */
  static DevCluster prepare(Path directory, DevPlan plan) {
    var absolute = directory.toAbsolutePath().normalize();
    var known = DevState.read(absolute);
    known.ifPresent(plan::requireFit);
    var cluster = new DevCluster(absolute, known.orElseGet(plan::newCluster));
    cluster.requireStopped();
    Ports.requireFree(cluster.state.ports().all(cluster.state.nodes().size()));
    cluster.writeFiles();
    return cluster;
  }

  private void requireStopped() {
    for (var node : state.nodes()) {
      find(node)
          .ifPresent(process -> {
            throw CommandFailure.precondition(
                    ErrorCode.DIRECTORY_LOCKED,
                    "Expected no cluster to run in %s, but node %d does (pid %d)"
                        .formatted(directory, node.id(), process.pid()))
                .withHint("naru dev stop ends it; naru dev status shows it");
          });
    }
  }

  private void writeFiles() {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw FileFaults.of(directory, e);
    }
    state.write(directory);
    state.nodes().forEach(node -> files(node.id()).writeConfig(state, node.id()));
  }

  /** The same cluster with the processes that were started for its nodes. */
  DevCluster started(List<DevNode> nodes) {
    var running = new DevState(state.clusterId(), state.port(), nodes);
    running.write(directory);
    return new DevCluster(directory, running);
  }

  /** What each node does now. */
  public List<NodeStatus> status() {
    return state.nodes().stream().map(this::status).toList();
  }

  private NodeStatus status(DevNode node) {
    var http = state.ports().http(node.id());
    var process = find(node);
    var condition =
        process.isEmpty()
            ? NodeStatus.Condition.STOPPED
            : ReadyPage.isReady(http)
                ? NodeStatus.Condition.RUNNING
                : NodeStatus.Condition.STARTING;
    return new NodeStatus(
        node.id(), process.map(Running::pid), condition, state.ports().client(node.id()), http);
  }

  /** Stops what runs, all nodes at the same time, and returns how many did. */
  public int stop(Notes notes) {
    var running = pids();
    new NodeStop(ProcessTable.ofSystem(), notes).all(running);
    return running.size();
  }

  /** The processes that run. */
  List<Long> pids() {
    return state.nodes().stream().flatMap(node -> find(node).stream()).map(Running::pid).toList();
  }

  /** How many nodes it has. */
  public int size() {
    return state.nodes().size();
  }

  List<DevNode> nodes() {
    return state.nodes();
  }

  NodeFiles files(int node) {
    return NodeFiles.of(directory, node);
  }

  /** What a client is told. */
  public String bootstrapServers() {
    return state.bootstrapServers();
  }

  /** The one line on stdout that says the cluster is there. */
  public String readyLine() {
    return "ready bootstrap.servers=%s http=%s data.dir=%s"
        .formatted(state.bootstrapServers(), state.httpAddresses(), directory);
  }

  private Optional<Running> find(DevNode node) {
    return processes.find(node, files(node.id()).config());
  }
}
