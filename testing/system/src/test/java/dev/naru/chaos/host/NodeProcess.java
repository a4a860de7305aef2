package dev.naru.chaos.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One node in a JVM of its own. */
public final class NodeProcess implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofMinutes(3);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(90);

  private final int id;
  private final Path log;
  private final Process process;
  private final String identity;
  private final CompletableFuture<String> ready;

  private NodeProcess(int id, Path log, Process process, String identity) {
    this.id = id;
    this.log = log;
    this.process = process;
    this.identity = identity;
    this.ready = new CompletableFuture<>();
    Thread.ofVirtual().name("stdout-of-node-" + id).start(this::readStdout);
  }

  /**
   * In what surroundings a node runs.
   *
   * @param prefix what becomes the node after it has made them; it must not fork
   * @param environment variables that the node sees beside those of the test
   */
  public record Surroundings(List<String> prefix, Map<String, String> environment) {

    /** Those of the test. */
    public static final Surroundings SAME = new Surroundings(List.of(), Map.of());
  }

  /** Starts the process and returns at once; its log goes to {@code DIR/node.log}. */
  public static NodeProcess start(int id, Path config, Path directory) {
    return start(id, config, directory, Surroundings.SAME);
  }

  /** The same in surroundings of its own. */
  public static NodeProcess start(int id, Path config, Path directory, Surroundings surroundings) {
    return start(id, NodeLauncher.command(), config, directory, surroundings);
  }

  /** The same by a command of one's own, without what it is told to start. */
  static NodeProcess start(int id, List<String> launcher, Path config, Path directory) {
    return start(id, launcher, config, directory, Surroundings.SAME);
  }

  /** The same by such a command in surroundings of its own. */
  static NodeProcess start(
      int id, List<String> launcher, Path config, Path directory, Surroundings surroundings) {
    var log = directory.resolve("node.log");
    var command = new ArrayList<>(surroundings.prefix());
    command.addAll(launcher);
    command.addAll(List.of("--config", config.toString(), "--format-if-empty"));
    try {
      var builder =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().putAll(NodeLauncher.environment());
      builder.environment().putAll(surroundings.environment());
      var process = builder.start();
      var identity = Leftovers.Identity.of(process.toHandle()).toString();
      Leftovers.note("process", identity);
      return new NodeProcess(id, log, process, identity);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int id() {
    return id;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for the ready line; a process that ends before is told with the end of its log. */
  public void awaitReady() {
    try {
      ready.get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new AssertionError(
          "Expected node " + id + " to get ready, but its log ends:\n" + logTail(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while node " + id + " starts", e);
    }
  }

  /** kill -9, and proof that the process is gone. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** Sends SIGKILL and does not wait: a process that is frozen or stopped may linger. */
  void sendKill() {
    process.destroyForcibly();
  }

  /** SIGSTOP, and proof that no thread of it runs. */
  public void pause() {
    Signals.pause(pid());
  }

  /** SIGCONT. */
  public void resume() {
    Signals.resume(pid());
  }

  /** A letter, as the system has it: {@code T} if it is stopped. */
  public char state() throws IOException {
    return Signals.state(pid());
  }

  /** SIGTERM; returns the exit status. */
  public int stop() {
    process.destroy();
    return awaitEnd();
  }

  /** Kills what is still running. */
  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
  }

  /** The last lines of the node's log. */
  public String logTail() {
    try {
      var lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    } catch (IOException e) {
      return "no log: " + e;
    }
  }

  /** Waits for an end that is under way; returns the exit status. */
  int awaitEnd() {
    try {
      if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(
            "Expected node " + id + " to stop, but its log ends:\n" + logTail());
      }
      Leftovers.forget("process", identity);
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while node " + id + " stops", e);
    }
  }

  private void readStdout() {
    try (BufferedReader lines = process.inputReader()) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("ready ")) {
          ready.complete(line);
        }
      }
      ready.completeExceptionally(
          new IllegalStateException("node " + id + " ended before it was ready"));
    } catch (IOException e) {
      ready.completeExceptionally(e);
    }
  }
}
