package dev.naru.cli.dev;

import dev.naru.cli.CommandFailure;
import dev.naru.types.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The shell script that started this process, which also starts nodes: it alone knows the flags of
 * their JVM. It replaces itself by the node, so that the process it is started as is the node's.
 */
public record NaruScript(Path path, String typed) {

  private static final String SETSID = "setsid";

  /** The one that started us. */
  public static NaruScript ofProcess() {
    var path = Optional.ofNullable(System.getProperty("naru.script"));
    return path.map(text ->
            new NaruScript(Path.of(text), ShellWord.of(System.getProperty("naru.typed", text))))
        .orElseThrow(() ->
            CommandFailure.of(
                ErrorCode.INTERNAL,
                "Expected the naru script to have started this process, because it starts"
                    + " nodes, but the property naru.script is not set"));
  }

  /** Runs it in the foreground, on our streams, and returns its exit status. */
  public int run(List<String> words) {
    try {
      return builder(List.of(), words).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("Expected to wait for " + path + ", but was interrupted", e);
    }
  }

  /** Starts a node in a session of its own: Ctrl-C and a closed terminal are not meant for it. */
  Process startNode(NodeFiles files) {
    var prefix = isOnPath(SETSID) ? List.of(SETSID) : List.<String>of();
    var words =
        List.of("node", "start", "--config", files.config().toString(), "--format-if-empty");
    try {
      return builder(prefix, words)
          .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
          .redirectOutput(files.output().toFile())
          .redirectError(ProcessBuilder.Redirect.appendTo(files.log().toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ProcessBuilder builder(List<String> prefix, List<String> words) {
    var command = new ArrayList<>(prefix);
    command.add(path.toString());
    command.addAll(words);
    var builder = new ProcessBuilder(command);
    builder.environment().put("NARU_BUILD", "never"); // we run, so it is built
    return builder;
  }

  private static boolean isOnPath(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
