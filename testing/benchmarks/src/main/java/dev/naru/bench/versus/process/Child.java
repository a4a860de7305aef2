package dev.naru.bench.versus.process;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A child process whose lines are kept, each with the time at which it came, and copied to a log.
 * Closing it ends it, however it fares.
 */
public final class Child implements AutoCloseable {

  private static final Duration KILL_MAX = Duration.ofSeconds(10);
  private static final int LINES_MAX = 20_000; // Kafka's tools print one a second
  private static final int TAIL_LINES = 12;

  private final Command command;
  private final Path log;
  private final Process process;
  private final List<Line> lines = new ArrayList<>(); // guarded by itself; the reader adds
  private boolean hasEnded; // guarded by lines

  private Child(Command command, Path log, Process process) {
    this.command = command;
    this.log = log;
    this.process = process;
  }

  /** Starts it; what it prints on both streams goes into this file too. */
  public static Child start(Command command, Path log) {
    try {
      Files.createDirectories(log.toAbsolutePath().getParent());
      var process = command.builder().redirectErrorStream(true).start();
      process.getOutputStream().close();
      var child = new Child(command, log, process);
      Thread.ofPlatform().name("lines-of-" + process.pid()).daemon().start(child::read);
      return child;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs it to its end and returns what it printed. */
  public static List<String> run(Command command, Path log, Duration limit) {
    try (var child = start(command, log)) {
      child.awaitSuccess(limit);
      return child.lines().stream().map(Line::text).toList();
    }
  }

  private void read() {
    try (var reader = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8);
        var buffered = new BufferedReader(reader);
        var copy = Files.newBufferedWriter(log)) {
      copy.write("$ " + command + "\n");
      for (var text = buffered.readLine(); text != null; text = buffered.readLine()) {
        keep(text);
        write(copy, text);
      }
    } catch (IOException e) {
      keep("(" + e + ")");
    } finally {
      synchronized (lines) {
        hasEnded = true;
        lines.notifyAll();
      }
    }
  }

  private void keep(String text) {
    synchronized (lines) {
      if (lines.size() < LINES_MAX) {
        lines.add(new Line(System.nanoTime(), text));
      }
      lines.notifyAll();
    }
  }

  private static void write(BufferedWriter copy, String text) throws IOException {
    copy.write(text);
    copy.newLine();
    copy.flush();
  }

  /** The number of the process. */
  public long pid() {
    return process.pid();
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** What it has printed so far. */
  public List<Line> lines() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  /** Waits for the first line that can be read as something, and returns both. */
  public <T> Found<T> await(Function<String, Optional<T>> reader, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    int next = 0;
    synchronized (lines) {
      while (true) {
        for (; next < lines.size(); next++) {
          var line = lines.get(next);
          var value = reader.apply(line.text());
          if (value.isPresent()) {
            return new Found<>(line.nanos(), value.get());
          }
        }
        if (hasEnded) {
          throw failure("printed nothing of the kind that was expected before it ended");
        }
        awaitMore(deadline, limit);
      }
    }
  }

  private void awaitMore(long deadline, Duration limit) {
    long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    if (leftMillis <= 0) {
      throw failure("did not print what was expected within " + limit.toSeconds() + " s");
    }
    try {
      lines.wait(leftMillis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(
          "Expected to wait for " + command + ", but was interrupted", e);
    }
  }

  /** Waits until it ends, and refuses any exit status but 0. */
  public void awaitSuccess(Duration limit) {
    if (!endsWithin(limit)) {
      throw failure("did not end within " + limit.toSeconds() + " s");
    }
    awaitLines();
    if (process.exitValue() != 0) {
      throw failure("ended with exit status " + process.exitValue());
    }
  }

  private void awaitLines() {
    long deadline = System.nanoTime() + KILL_MAX.toNanos();
    synchronized (lines) {
      while (!hasEnded) {
        awaitMore(deadline, KILL_MAX);
      }
    }
  }

  /** Waits until it ends; false if it does not in time. */
  public boolean endsWithin(Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(
          "Expected to wait for " + command + ", but was interrupted", e);
    }
  }

  /** SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  /** SIGKILL. */
  public void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
      endsWithin(KILL_MAX);
    }
  }

  private BenchmarkFailure failure(String what) {
    var all = lines();
    var tail =
        all.subList(Math.max(0, all.size() - TAIL_LINES), all.size()).stream()
            .map(line -> "\n  " + line.text())
            .collect(Collectors.joining());
    return new BenchmarkFailure(
        "Expected `%s` to succeed, but it %s; all it printed is in %s%s"
            .formatted(command, what, log, tail));
  }

  /** A line and when it came. */
  public record Line(long nanos, String text) {}

  /** What was waited for, and when it came. */
  public record Found<T>(long nanos, T value) {}
}
