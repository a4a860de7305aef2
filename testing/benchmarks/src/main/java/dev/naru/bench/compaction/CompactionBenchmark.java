package dev.naru.bench.compaction;

import dev.naru.bench.versus.process.BenchmarkFailure;
import java.nio.file.Path;
import java.util.List;

/**
 * Compacts a large log in a small heap, and measures what a consumer at the end of another log has
 * of it. The script {@code compaction} builds all it needs and starts it.
 */
public final class CompactionBenchmark {

  private CompactionBenchmark() {}

  /** Flags as in {@link Options#USAGE}. */
  public static void main(String[] args) {
    var words = List.of(args);
    if (words.contains("--help") || words.contains("-h")) {
      System.out.println(Options.USAGE);
      return;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(CompactionBenchmark::endChildren));
    try {
      run(words);
    } catch (BenchmarkFailure failure) {
      System.err.println("error: " + failure.getMessage());
      System.exit(1);
    }
  }

  private static void endChildren() {
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
  }

  private static void run(List<String> words) {
    var root = Path.of(System.getProperty("compaction.root", "."));
    var options = Options.parse(words, root.resolve("testing/benchmarks/target/compaction"));
    if (options.wants("heap")) {
      System.out.println("heap " + HeapCase.run(root.resolve("naru"), options));
    }
    if (options.wants("tail")) {
      TailCase.run(root.resolve("naru"), options)
          .forEach(line -> System.out.println("tail " + line));
    }
  }
}
