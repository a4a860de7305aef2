package dev.naru.bench.compaction;

import dev.naru.bench.versus.process.BenchmarkFailure;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;

/**
 * What the command was told.
 *
 * @param only the cases to run; all if it is empty
 * @param work for data, which is deleted before and after, and logs
 */
record Options(Set<String> only, boolean isQuick, long bytes, int keys, Path work) {

  private static final Set<String> CASES = Set.of("heap", "tail");
  private static final long BYTES = 10_000_000_000L;
  private static final int KEYS = 10_000_000;
  private static final int QUICK_PART = 50; // of the bytes and of the keys

  static final String USAGE =
      """
      testing/benchmarks/compaction [--only heap|tail] [--quick] [--work DIR]
        heap         10 GB with 10 million keys are compacted by a node with a heap of 256 MiB
        tail         what a consumer at the end of a log sees of compaction and retention beside it
        --only CASE  one of these
        --quick      seconds: does everything run? The figures say nothing
        --work DIR   for data and logs (testing/benchmarks/target/compaction); 25 GB\
      """;

  Options {
    only = Set.copyOf(only);
  }

  static Options parse(List<String> words, Path work) {
    var rest = new ArrayDeque<>(words);
    Set<String> only = Set.of();
    boolean isQuick = false;
    var where = work;
    while (!rest.isEmpty()) {
      var flag = rest.remove();
      switch (flag) {
        case "--quick" -> isQuick = true;
        case "--only" -> only = Set.of(caseName(value(flag, rest)));
        case "--work" -> where = Path.of(value(flag, rest)).toAbsolutePath();
        default -> throw new BenchmarkFailure("Expected a flag, but was " + flag + "\n" + USAGE);
      }
    }
    int part = isQuick ? QUICK_PART : 1;
    return new Options(only, isQuick, BYTES / part, KEYS / part, where);
  }

  private static String value(String flag, ArrayDeque<String> rest) {
    if (rest.isEmpty()) {
      throw new BenchmarkFailure("Expected a value after " + flag + ", but there is none");
    }
    return rest.remove();
  }

  private static String caseName(String word) {
    if (!CASES.contains(word)) {
      throw new BenchmarkFailure("Expected heap or tail after --only, but was " + word);
    }
    return word;
  }

  boolean wants(String caseName) {
    return only.isEmpty() || only.contains(caseName);
  }

  /** As large as by default, unless that would be all there is. */
  int segmentBytes() {
    return isQuick ? 16 << 20 : 1 << 30;
  }
}
