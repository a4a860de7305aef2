package dev.naru.cli.dev;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.ExitStatus;
import dev.naru.cli.output.Notes;
import dev.naru.types.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A dev cluster whose nodes are children of this process. The thread of a signal may stop it at any
 * time, also while another one is still starting nodes.
 */
public final class DevRun {

  private static final Duration START_MAX = Duration.ofSeconds(60);
  private static final long LOOK_AGAIN_MILLIS = 20;
  private static final int TAIL_LINES = 15;

  private final DevLock lock;
  private final NaruScript script;
  private final Notes notes;
  private final List<Child> children = new CopyOnWriteArrayList<>();
  private volatile DevCluster cluster; // written by the thread that starts it, read by all
  private boolean isStopping; // guarded by this: no node starts once it is set

  private DevRun(DevCluster prepared, DevLock lock, NaruScript script, Notes notes) {
    this.cluster = prepared;
    this.lock = lock;
    this.script = script;
    this.notes = notes;
  }

  /** A cluster that does not run, and that nobody else starts meanwhile. */
  public static DevRun prepare(Path directory, DevPlan plan, NaruScript script, Notes notes) {
    var absolute = directory.toAbsolutePath().normalize();
    var lock = DevCluster.lock(absolute);
    try {
      return new DevRun(DevCluster.prepare(absolute, plan), lock, script, notes);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** Starts the processes. They are not ready yet. */
  public void start() {
    var nodes = new ArrayList<DevNode>();
    for (var node : cluster.nodes()) {
      startNode(node.id()).ifPresent(nodes::add);
    }
    if (nodes.size() == cluster.size()) {
      cluster = cluster.started(nodes);
    }
    lock.close();
  }

  /** Nothing once it is to stop: what started before is stopped, and nothing may come after. */
  private synchronized Optional<DevNode> startNode(int node) {
    if (isStopping) {
      return Optional.empty();
    }
    var files = cluster.files(node);
    long logBegin = files.logBytes();
    var process = script.startNode(files);
    children.add(new Child(node, files, logBegin, process));
    var started = process.info().startInstant().orElseGet(Instant::now);
    return Optional.of(new DevNode(node, process.pid(), started));
  }

  /** The cluster that runs. */
  public DevCluster cluster() {
    return cluster;
  }

  /** Waits until every node is ready; one that ends before is told with the end of its log. */
  public void awaitReady() {
    long deadline = System.nanoTime() + START_MAX.toNanos();
    var starting = new ArrayList<>(children);
    while (!starting.isEmpty()) {
      children.forEach(this::requireAlive); // any: the others may be waiting for it
      if (System.nanoTime() > deadline) {
        throw failedStart(starting.getFirst(), "it is not after " + START_MAX.toSeconds() + " s");
      }
      endsWithin(starting.getFirst().process, LOOK_AGAIN_MILLIS);
      starting.removeIf(child -> child.files.readyLine().isPresent());
    }
  }

  private void requireAlive(Child child) {
    if (!child.process.isAlive()) {
      throw failedStart(child, "it ended with exit status " + child.process.exitValue());
    }
  }

  /** Reports nodes that end, until there is none left; returns the exit status. */
  public int watch() {
    var ends = children.stream().map(this::reportEnd).toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(ends).join();
    boolean isClean = children.stream().allMatch(child -> child.process.exitValue() == 0);
    return isClean ? ExitStatus.DONE : ExitStatus.FAILED;
  }

  /** Stops all nodes, those too that somebody has started again by hand. */
  public void stop() {
    synchronized (this) {
      isStopping = true;
    }
    var pids = new TreeSet<>(cluster.pids());
    children.stream()
        .map(Child::process)
        .filter(Process::isAlive)
        .forEach(process -> pids.add(process.pid()));
    new NodeStop(ProcessTable.ofSystem(), notes).all(List.copyOf(pids));
  }

  private synchronized boolean isStopping() {
    return isStopping;
  }

  private CompletableFuture<Void> reportEnd(Child child) {
    return child.process.onExit().thenAccept(process -> reportEnd(child, process.exitValue()));
  }

  private void reportEnd(Child child, int exitStatus) {
    if (isStopping()) {
      return; // as it was told to
    }
    notes.say(
        "node %d has ended with exit status %d; to start it again: %s node start --config %s"
            .formatted(
                child.node,
                exitStatus,
                script.typed(),
                ShellWord.of(child.files.config().toString())));
  }

  /** A node that refuses to start has said why in a line of its own; else its log has to do. */
  private CommandFailure failedStart(Child child, String what) {
    var message = "Expected node " + child.node + " to get ready, but " + what;
    var tail = child.files.logTail(child.logBegin, TAIL_LINES);
    return NodeError.among(tail)
        .map(said -> CommandFailure.precondition(said.code(), message + ": " + said.message()))
        .orElseGet(() -> {
          if (!isStopping()) { // else it ended as it was told to
            tail.forEach(line -> notes.say("  " + line));
          }
          return CommandFailure.of(ErrorCode.INTERNAL, message);
        })
        .withHint("its whole log is " + child.files.log());
  }

  private static boolean endsWithin(Process process, long millis) {
    try {
      return process.waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException("Expected to wait for a node, but was interrupted", e);
    }
  }

  private record Child(int node, NodeFiles files, long logBegin, Process process) {}
}
