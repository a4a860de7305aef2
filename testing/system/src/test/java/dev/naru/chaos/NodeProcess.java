package dev.naru.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One node in a JVM of its own: production's main class, this test's class path. */
final class NodeProcess implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(45);

  private final int id;
  private final Path log;
  private final Process process;
  private final CompletableFuture<String> ready;

  private NodeProcess(int id, Path log, Process process) {
    this.id = id;
    this.log = log;
    this.process = process;
    this.ready = new CompletableFuture<>();
    Thread.ofVirtual().name("stdout-of-node-" + id).start(this::readStdout);
  }

  /** Starts the process and returns at once; its log goes to {@code DIR/node.log}. */
  static NodeProcess start(int id, Path config, Path directory) {
    var log = directory.resolve("node.log");
    var command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(
        List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.naru.broker.node.NodeMain",
            "--config",
            config.toString(),
            "--format-if-empty"));
    try {
      var process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      return new NodeProcess(id, log, process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int id() {
    return id;
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for the ready line; a process that ends before is told with the end of its log. */
  void awaitReady() {
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
  void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** SIGTERM; returns the exit status. */
  int stop() {
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
  String logTail() {
    try {
      var lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    } catch (IOException e) {
      return "no log: " + e;
    }
  }

  private int awaitEnd() {
    try {
      if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(
            "Expected node " + id + " to stop, but its log ends:\n" + logTail());
      }
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
