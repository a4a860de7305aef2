package dev.naru.chaos.load;

import dev.naru.chaos.host.Leftovers;
import dev.naru.chaos.host.Signals;
import dev.naru.client.TopicPartition;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Members in a process of their own, which can be killed and stopped. Any thread may call it. */
public final class MemberProcess implements MemberHost {

  private static final long END_SECONDS_MAX = 90;

  private final MemberRole role;
  private final Process process;
  private final BufferedReader answers; // with requests guarded by this
  private final BufferedWriter requests;

  private MemberProcess(MemberRole role, Process process) {
    this.role = role;
    this.process = process;
    this.answers = process.inputReader();
    this.requests = process.outputWriter();
  }

  /**
   * Starts it, without members, and returns when it is ready. Its log goes to {@code members.log}
   * of the directory.
   */
  public static MemberProcess start(String bootstrapServers, MemberRole role, Path histories) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                MemberMain.class.getName(),
                bootstrapServers,
                histories.toString()));
    command.addAll(List.of(role.words()));
    try {
      var log = histories.resolveSibling("members.log").toFile();
      var process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log)).start();
      Leftovers.note(process);
      var members = new MemberProcess(role, process);
      members.hear();
      return members;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public long pid() {
    return process.pid();
  }

  @Override
  public void start(String name, Optional<String> instance) {
    ask("start " + name + " " + instance.orElse("-"));
  }

  @Override
  public void stop(String name) {
    ask("stop " + name);
  }

  @Override
  public void readMore(String name) {
    ask("more " + name);
  }

  @Override
  public Map<String, Set<TopicPartition>> holds() {
    var holds = new TreeMap<String, Set<TopicPartition>>();
    if (process.isAlive()) {
      for (var each : ask("show").split(" ", -1)) {
        int at = each.indexOf('=');
        if (at > 0) {
          holds.put(each.substring(0, at), partitions(each.substring(at + 1)));
        }
      }
    }
    return holds;
  }

  private Set<TopicPartition> partitions(String numbers) {
    return Arrays.stream(numbers.split(",", -1))
        .filter(number -> !number.isEmpty())
        .map(number -> new TopicPartition(role.topic(), Integer.parseInt(number)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private synchronized String ask(String line) {
    try {
      requests.write(line);
      requests.newLine();
      requests.flush();
      return hear();
    } catch (IOException e) {
      throw new UncheckedIOException("Process " + pid() + " does not hear: " + line, e);
    }
  }

  private synchronized String hear() throws IOException {
    var answer = answers.readLine();
    if (answer == null) {
      throw new IOException("Expected process " + pid() + " to answer, but it ends");
    }
    return answer;
  }

  /** kill -9, and proof that it is gone; returns its exit status. */
  public int kill() {
    process.destroyForcibly();
    return awaitEnd();
  }

  /** No thread of it runs until it is resumed. */
  public void pause() {
    Signals.pause(pid());
  }

  /** Lets it go on. */
  public void resume() {
    Signals.resume(pid());
  }

  /** As the system has it: {@code T} if it is stopped. */
  public char state() throws IOException {
    return Signals.state(pid());
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      try {
        requests.close();
      } catch (IOException isGone) {
        // it is awaited all the same
      }
      awaitEnd();
    }
  }

  private int awaitEnd() {
    try {
      if (!process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("Expected process " + pid() + " to end, but it runs");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while process " + pid() + " ends", e);
    }
  }
}
