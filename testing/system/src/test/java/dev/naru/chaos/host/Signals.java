package dev.naru.chaos.host;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What a process can be told by its number, and what the system says of it. */
public final class Signals {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private Signals() {}

  /** SIGSTOP, and proof that no thread of it runs. */
  public static void pause(long pid) {
    Shell.run("kill", "-STOP", Long.toString(pid));
    await("process " + pid + " to be stopped").atMost(LIMIT).until(() -> state(pid) == 'T');
  }

  /** SIGCONT. */
  public static void resume(long pid) {
    Shell.run("kill", "-CONT", Long.toString(pid));
  }

  /** A letter, as the system has it: {@code T} if it is stopped. */
  public static char state(long pid) throws IOException {
    var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    return stat.charAt(stat.lastIndexOf(')') + 2);
  }
}
