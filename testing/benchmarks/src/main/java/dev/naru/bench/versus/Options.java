package dev.naru.bench.versus;

import dev.naru.bench.versus.process.BenchmarkFailure;
import dev.naru.bench.versus.result.Contender;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the command was told.
 *
 * @param only the cases to run; all if it is empty
 * @param contenders who runs them
 * @param out where the reports go
 * @param diskBytesMax for the data of one run, all copies together
 */
record Options(
    int rounds,
    boolean isQuick,
    Set<String> only,
    Set<Contender> contenders,
    Path out,
    Path work,
    long diskBytesMax) {

  private static final int ROUNDS = 3;
  private static final int ROUNDS_MAX = 99;
  private static final long DISK_GIGABYTES = 24;

  static final String USAGE =
      """
      testing/benchmarks/versus-kafka [--rounds N] [--only CASE,CASE…] [--without kafka|naru] [--quick] [--out DIR] [--disk-gb N] [--list]
        --rounds N    counted rounds of each case (3)
        --only CASES  these cases, or groups of cases, and no others; --list prints them all
        --without X   leaves kafka or naru out, so that nothing is compared
        --quick       one round of seconds: does everything run? The figures say nothing
        --out DIR     where report.md and report.json go (testing/benchmarks/target/versus)
        --disk-gb N   most gigabytes that one run may write, all copies together (24)\
      """;

  Options {
    only = Set.copyOf(only);
    contenders = Set.copyOf(contenders);
    if (rounds < 1 || rounds > ROUNDS_MAX) {
      throw new BenchmarkFailure("Expected --rounds 1 to 99, but was " + rounds);
    }
  }

  static Options parse(List<String> words, Path work) {
    var rest = new ArrayDeque<>(words);
    int rounds = ROUNDS;
    boolean isQuick = false;
    var only = new TreeSet<String>();
    var contenders = EnumSet.allOf(Contender.class);
    var out = work;
    long diskGigabytes = DISK_GIGABYTES;
    while (!rest.isEmpty()) {
      var flag = rest.remove();
      switch (flag) {
        case "--quick" -> {
          isQuick = true;
          rounds = 1;
        }
        case "--rounds" -> rounds = (int) number(flag, rest);
        case "--only" -> only.addAll(List.of(value(flag, rest).split(",", -1)));
        case "--without" -> contenders.remove(contender(flag, rest));
        case "--out" -> out = Path.of(value(flag, rest)).toAbsolutePath();
        case "--disk-gb" -> diskGigabytes = number(flag, rest);
        default -> throw new BenchmarkFailure("Expected a flag, but was " + flag + "\n" + USAGE);
      }
    }
    return new Options(rounds, isQuick, only, contenders, out, work, diskGigabytes * 1_000_000_000);
  }

  /** Whether a case, or a group of cases, is to run that has this name. */
  boolean wants(String name) {
    return only.isEmpty() || only.contains(name);
  }

  private static String value(String flag, ArrayDeque<String> rest) {
    if (rest.isEmpty()) {
      throw new BenchmarkFailure("Expected a value after " + flag + ", but there is none");
    }
    return rest.remove();
  }

  private static Contender contender(String flag, ArrayDeque<String> rest) {
    var name = value(flag, rest);
    return Arrays.stream(Contender.values())
        .filter(each -> each.title().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(() ->
            new BenchmarkFailure("Expected kafka or naru after " + flag + ", but was " + name));
  }

  private static long number(String flag, ArrayDeque<String> rest) {
    var value = value(flag, rest);
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new BenchmarkFailure("Expected a number after " + flag + ", but was " + value);
    }
  }
}
