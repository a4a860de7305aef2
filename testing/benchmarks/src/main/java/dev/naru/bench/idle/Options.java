package dev.naru.bench.idle;

import dev.naru.bench.versus.process.BenchmarkFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * What the command was told.
 *
 * @param clusters how many nodes each of them has, one after the other
 * @param settle between the last work for the nodes and the beginning of the window
 * @param window in which processor time counts
 * @param work for data, which is deleted before and after, logs and the report
 */
record Options(
    List<Integer> clusters, int partitions, Duration settle, Duration window, Path work) {

  private static final int PARTITIONS = 1000;
  private static final int NODES_MAX = 9;
  private static final Duration SETTLE = Duration.ofMinutes(2);
  private static final Duration WINDOW = Duration.ofMinutes(1);

  static final String USAGE =
      """
      testing/benchmarks/idle [--nodes N,N…] [--partitions N] [--settle SECONDS] [--seconds SECONDS] [--work DIR]
        --nodes N,N…        clusters of so many nodes, one after the other (3,1)
        --partitions N      of one topic, with 3 copies if there are as many nodes (1000)
        --settle SECONDS    between their creation and the measurement: compilers come to rest (120)
        --seconds SECONDS   of the measurement (60)
        --work DIR          for data, logs and report.md (testing/benchmarks/target/idle)\
      """;

  Options {
    clusters = List.copyOf(clusters);
    if (clusters.isEmpty() || !clusters.stream().allMatch(n -> n >= 1 && n <= NODES_MAX)) {
      throw new BenchmarkFailure("Expected --nodes 1 to 9, but was " + clusters);
    }
    if (partitions < 1 || !settle.isPositive() || !window.isPositive()) {
      throw new BenchmarkFailure(
          "Expected numbers above 0, but were %d partitions, %s and %s"
              .formatted(partitions, settle, window));
    }
  }

  static Options parse(List<String> words, Path work) {
    var rest = new ArrayDeque<>(words);
    var clusters = List.of(3, 1);
    int partitions = PARTITIONS;
    var settle = SETTLE;
    var window = WINDOW;
    var where = work;
    while (!rest.isEmpty()) {
      var flag = rest.remove();
      switch (flag) {
        case "--nodes" -> clusters = numbers(flag, value(flag, rest));
        case "--partitions" -> partitions = number(flag, value(flag, rest));
        case "--settle" -> settle = Duration.ofSeconds(number(flag, value(flag, rest)));
        case "--seconds" -> window = Duration.ofSeconds(number(flag, value(flag, rest)));
        case "--work" -> where = Path.of(value(flag, rest)).toAbsolutePath();
        default -> throw new BenchmarkFailure("Expected a flag, but was " + flag + "\n" + USAGE);
      }
    }
    return new Options(clusters, partitions, settle, window, where);
  }

  private static String value(String flag, ArrayDeque<String> rest) {
    if (rest.isEmpty()) {
      throw new BenchmarkFailure("Expected a value after " + flag + ", but there is none");
    }
    return rest.remove();
  }

  private static List<Integer> numbers(String flag, String words) {
    var numbers = new ArrayList<Integer>();
    for (var word : words.split(",", -1)) {
      numbers.add(number(flag, word));
    }
    return numbers;
  }

  private static int number(String flag, String word) {
    try {
      return Integer.parseInt(word);
    } catch (NumberFormatException e) {
      throw new BenchmarkFailure("Expected a number after " + flag + ", but was " + word);
    }
  }
}
