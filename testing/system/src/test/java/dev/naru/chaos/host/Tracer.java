package dev.naru.chaos.host;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Comes between a process and the system while it runs: its forces fail, or take long. Sees every
 * call, whatever library makes it.
 */
public final class Tracer implements AutoCloseable {

  private static final String FORCES = "fsync,fdatasync,syncfs";
  private static final Duration LIMIT = Duration.ofSeconds(15);

  private final Process strace;
  private final Path output;
  private final String mark;

  private Tracer(Process strace, Path output, String mark) {
    this.strace = strace;
    this.output = output;
    this.mark = mark;
  }

  /** Why none can be attached here, if none can. */
  public static Optional<String> whyNot() {
    if (!Shell.has("strace")) {
      return Optional.of("needs strace");
    }
    return "root".equals(System.getProperty("user.name"))
        ? Optional.empty()
        : Optional.of("needs root"); // others may attach to nothing or little
  }

  /** From now on every force of this process fails with EIO, and forces nothing. */
  public static Tracer failForces(long pid, Path output) {
    return attach(pid, output, "error=EIO", "(INJECTED)");
  }

  /** From now on every force of this process takes so much longer. */
  public static Tracer slowForces(long pid, Path output, Duration by) {
    long micros = TimeUnit.MILLISECONDS.toMicros(by.toMillis());
    return attach(pid, output, "delay_exit=" + micros, "(DELAYED)");
  }

  private static Tracer attach(long pid, Path output, String injection, String mark) {
    try {
      var strace =
          new ProcessBuilder(
                  "strace",
                  "-f",
                  "-p",
                  Long.toString(pid),
                  "-e",
                  "trace=" + FORCES,
                  "-e",
                  "inject=" + FORCES + ":" + injection,
                  "-o",
                  output.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return new Tracer(strace, output, mark);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many calls were hit so far. */
  public long hits() {
    try {
      return Files.exists(output)
          ? Files.readAllLines(output).stream().filter(line -> line.contains(mark)).count()
          : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets go of the process. */
  @Override
  public void close() {
    strace.destroy();
    await("strace to let go").atMost(LIMIT).until(() -> !strace.isAlive());
  }
}
