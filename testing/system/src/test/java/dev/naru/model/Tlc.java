package dev.naru.model;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs the TLC model checker on a specification, in a JVM of its own: it is a program, not a
 * library, and it is on the class path only in the profile of the models.
 */
final class Tlc {

  private static final String MAIN = "tlc2.TLC";

  /** Minutes are enough for all bounds; a model that grew too large must not hold up a build. */
  private static final Duration LIMIT = Duration.ofMinutes(15);

  private static final Pattern VIOLATED =
      Pattern.compile("(?:Invariant|Action property) (\\w+) is violated");
  private static final Pattern STATES =
      Pattern.compile("(?m)^(\\d+) states generated, (\\d+) distinct states found");
  private static final Pattern DEPTH =
      Pattern.compile("depth of the complete state graph search is (\\d+)");
  private static final Pattern STEP = Pattern.compile("(?m)^State (\\d+):");
  private static final String PASSED = "Model checking completed. No error has been found.";

  private final Path specification;
  private final Path folder;

  /**
   * For this module.
   *
   * @param folder of all that the runs write
   */
  Tlc(Path specification, Path folder) {
    this.specification = specification;
    this.folder = folder;
  }

  /**
   * What a run came to.
   *
   * @param passed all states were visited and none was wrong
   * @param violated the invariant that does not hold, if one does not
   * @param depth of the state graph, or the steps that lead to what is wrong
   */
  record Verdict(
      boolean passed,
      Optional<String> violated,
      long states,
      long distinct,
      long depth,
      long millis) {

    @Override
    public String toString() {
      return "%s: %,d states, %,d distinct, depth %d, %.1f s"
          .formatted(
              violated.map(name -> "violates " + name).orElse(passed ? "holds" : "failed"),
              states,
              distinct,
              depth,
              millis / 1e3);
    }
  }

  /**
   * The configuration with other values of some constants.
   *
   * @param constants such as {@code LogMax = 1, CrashMax = 0}
   */
  static String with(String configuration, String constants) {
    var changed = configuration;
    for (var constant : constants.split(", ", -1)) {
      var name = constant.substring(0, constant.indexOf(" = "));
      var line = Pattern.compile("(?m)^  " + name + " = .*$").matcher(changed);
      if (!line.find()) {
        throw new IllegalArgumentException("Expected the constant " + name + ", but there is none");
      }
      changed = line.replaceFirst(Matcher.quoteReplacement("  " + constant));
    }
    return changed;
  }

  /** Checks the model that this configuration describes; the output stays in the folder. */
  Verdict check(String name, String configuration, int workers)
      throws IOException, InterruptedException {
    var own = Files.createDirectories(folder.resolve(name));
    var config = Files.writeString(own.resolve("model.cfg"), configuration);
    var output = own.resolve("output.txt");
    long begun = System.nanoTime();
    var process =
        new ProcessBuilder(command(own, config, workers))
            .directory(specification.getParent().toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      if (!process.waitFor(LIMIT.toMinutes(), TimeUnit.MINUTES)) {
        throw new IllegalStateException(
            "Expected TLC to end within %s, but it has not: %s".formatted(LIMIT, output));
      }
    } finally {
      process.destroyForcibly();
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    return verdict(Files.readString(output), millis);
  }

  private List<String> command(Path own, Path config, int workers) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseParallelGC", "-Xmx2g"));
    // TLC unpacks its standard modules there, next to those of others.
    command.add("-Djava.io.tmpdir=" + Files.createDirectories(own.resolve("tmp")));
    command.addAll(List.of("-cp", jar().toString(), MAIN, "-nowarning", "-cleanup"));
    command.addAll(List.of("-metadir", own.resolve("states").toString()));
    command.addAll(List.of("-workers", Integer.toString(workers)));
    command.addAll(List.of("-config", config.toString()));
    command.add(specification.getFileName().toString());
    return command;
  }

  private static Path jar() {
    try {
      var tlc = Class.forName(MAIN, false, Tlc.class.getClassLoader());
      return Path.of(tlc.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (ClassNotFoundException | URISyntaxException e) {
      throw new IllegalStateException("Expected TLC on the class path, as with -Pmodel", e);
    }
  }

  private static Verdict verdict(String output, long millis) {
    var counts = last(STATES, output);
    var violated = last(VIOLATED, output).map(match -> match.group(1));
    var depth = last(violated.isPresent() ? STEP : DEPTH, output);
    return new Verdict(
        output.contains(PASSED),
        violated,
        counts.map(Tlc::first).orElse(0L),
        counts.map(match -> Long.parseLong(match.group(2))).orElse(0L),
        depth.map(Tlc::first).orElse(0L),
        millis);
  }

  private static Optional<MatchResult> last(Pattern pattern, String text) {
    return pattern.matcher(text).results().reduce((_, later) -> later);
  }

  private static long first(MatchResult match) {
    return Long.parseLong(match.group(1));
  }
}
