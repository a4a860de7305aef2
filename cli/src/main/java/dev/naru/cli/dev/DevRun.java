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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A dev cluster whose nodes are children of this process. */
public final class DevRun {

  private static final Duration START_MAX = Duration.ofSeconds(60);
  private static final long LOOK_AGAIN_MILLIS = 20;
  private static final int TAIL_LINES = 15;

  private final DevCluster cluster;
  private final NaruScript script;
  private final List<Child> children;
  private final Notes notes;
  private volatile boolean isStopping; // written by the thread of a signal, read by those of ends

  private DevRun(DevCluster cluster, NaruScript script, List<Child> children, Notes notes) {
    this.cluster = cluster;
    this.script = script;
    this.children = children;
    this.notes = notes;
  }

  /** Starts the processes of a cluster that does not run. They are not ready yet. */
  public static DevRun start(Path directory, DevPlan plan, NaruScript script, Notes notes) {
    var prepared = DevCluster.prepare(directory, plan);
    var children = new ArrayList<Child>();
    var nodes = new ArrayList<DevNode>();
    for (var node : prepared.nodes()) {
      var files = prepared.files(node.id());
      var process = script.startNode(files);
      children.add(new Child(node.id(), files, process));
      nodes.add(
          new DevNode(
              node.id(), process.pid(), process.info().startInstant().orElseGet(Instant::now)));
    }
    return new DevRun(prepared.started(nodes), script, children, notes);
  }

  /** The cluster that runs. */
  public DevCluster cluster() {
    return cluster;
  }

  /** Waits until every node is ready; one that ends before is told with the end of its log. */
  public void awaitReady() {
    long deadline = System.nanoTime() + START_MAX.toNanos();
    for (var child : children) {
      while (child.files.readyLine().isEmpty()) {
        if (endsWithin(child.process, LOOK_AGAIN_MILLIS)) {
          throw failedStart(child, "it ended with exit status " + child.process.exitValue());
        }
        if (System.nanoTime() > deadline) {
          throw failedStart(child, "it is not after " + START_MAX.toSeconds() + " s");
        }
      }
    }
  }

  /** Reports nodes that end, until there is none left; returns the exit status. */
  public int watch() {
    var ends = children.stream().map(this::reportEnd).toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(ends).join();
    boolean isClean = children.stream().allMatch(child -> child.process.exitValue() == 0);
    return isClean ? ExitStatus.DONE : ExitStatus.FAILED;
  }

  /** Stops all nodes. */
  public void stop() {
    isStopping = true;
    cluster.stop(notes);
  }

  private CompletableFuture<Void> reportEnd(Child child) {
    return child.process.onExit().thenAccept(process -> reportEnd(child, process.exitValue()));
  }

  private void reportEnd(Child child, int exitStatus) {
    if (isStopping) {
      return; // as it was told to
    }
    notes.say(
        "node %d has ended with exit status %d; to start it again: %s node start --config %s"
            .formatted(child.node, exitStatus, script.typed(), child.files.config()));
  }

  private CommandFailure failedStart(Child child, String what) {
    child.files.logTail(TAIL_LINES).forEach(line -> notes.say("  " + line));
    return CommandFailure.of(
            ErrorCode.INTERNAL, "Expected node " + child.node + " to get ready, but " + what)
        .withHint("its whole log is " + child.files.log());
  }

  private static boolean endsWithin(Process process, long millis) {
    try {
      return process.waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException("Expected to wait for a node, but was interrupted", e);
    }
  }

  private record Child(int node, NodeFiles files, Process process) {}
}
