package dev.naru.chaos.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Commands of the system, each with a limit. */
public final class Shell {

  private static final long SECONDS_MAX = 30;

  private Shell() {}

  /** How a command ended and what it said, errors too. */
  public record Result(int status, String output) {

    /** Whether it did what it was told. */
    public boolean isSuccess() {
      return status == 0;
    }
  }

  /** Runs a command that must succeed; returns what it said. */
  public static String run(String... command) {
    var result = attempt(command);
    if (!result.isSuccess()) {
      throw new AssertionError(
          "Expected %s to succeed, but it ended with %d and said: %s"
              .formatted(List.of(command), result.status(), result.output()));
    }
    return result.output();
  }

  /** Runs a command that may fail. */
  public static Result attempt(String... command) {
    try {
      // Into a file, because a pipe would be held open by what the command leaves behind.
      var output = Files.createTempFile("shell", ".out");
      try {
        var process =
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().close();
        if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError(
              "Expected %s to end within %d s, but it runs: %s"
                  .formatted(List.of(command), SECONDS_MAX, text(output)));
        }
        return new Result(process.exitValue(), text(output));
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted during " + List.of(command), e);
    }
  }

  /** Whether a program of this name is there. */
  public static boolean has(String program) {
    for (var directory : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      if (Files.isExecutable(Path.of(directory, program))) {
        return true;
      }
    }
    // Not on the path of everybody, but these are root's.
    return Files.isExecutable(Path.of("/usr/sbin", program))
        || Files.isExecutable(Path.of("/sbin", program));
  }

  private static String text(Path output) throws IOException {
    return new String(Files.readAllBytes(output), StandardCharsets.UTF_8).strip();
  }
}
