package dev.naru.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.DamageVerdict.Result;
import dev.naru.testing.Seeds;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Damages one file of a directory in which everything was durable, of every kind in every way. It
 * must be noticed or do no harm: never is another byte served, another offset for a time, a log
 * taken to end earlier, a log forgotten, a deletion that is gone taken to be there, or anything
 * deleted (I16). And what is damaged can be repaired: what is kept is a prefix of what was written,
 * so that the rest can be fetched.
 */
class DamageTest {

  private static final int SEEDS = 6_000;

  @Test
  void damageIsNoticedOrHarmless() {
    var results = new TreeMap<String, Count>();
    for (var kind : DamagedFile.values()) {
      for (var how : kind.damages()) {
        results.put(kind + " " + how, new Count());
      }
    }
    long start = System.nanoTime();
    var kinds = List.of(DamagedFile.values());
    Seeds.forEach(
        SEEDS,
        (seed, random) -> {
          var kind = pick(kinds, seed);
          var how = pick(kind.damages(), seed / kinds.size());
          var result = inject(random, kind, how);
          results.computeIfAbsent(kind + " " + how, _ -> new Count()).add(result);
        });
    int injected = results.values().stream().mapToInt(Count::injected).sum();
    System.out.println("damages, noticed + harmless:");
    results.forEach((what, count) -> System.out.println("  " + what + " " + count));
    System.out.printf(
        "%d damages in %d ms, none served%n", injected, (System.nanoTime() - start) / 1_000_000);
    if (System.getProperty("seed") == null && System.getProperty("seeds") == null) {
      assertThat(injected).isGreaterThanOrEqualTo(5_000);
      results.forEach((what, count) -> assertThat(count.injected()).as(what).isPositive());
    }
  }

  private static <T> T pick(List<T> from, long number) {
    return from.get((int) Math.floorMod(number, (long) from.size()));
  }

  private static Result inject(RandomGenerator random, DamagedFile kind, FileDamage how) {
    var logs = new DamageWorkload(random, kind);
    logs.write();
    var files = kind.in(logs.disk());
    if (files.isEmpty()) {
      return Result.ABSENT;
    }
    String victim = files.get(random.nextInt(files.size()));
    if (!how.inflict(logs.disk(), victim, files, logs.earlier(), random)) {
      return Result.ABSENT;
    }
    var kept = logs.contents();
    if (how == FileDamage.EXTENDED) {
      kept.remove(ByteBuffer.wrap(logs.disk().bytes(victim))); // it may lose what it has too much
    }
    return new DamageVerdict(random, logs, kept).find(victim);
  }

  private static final class Count {

    private int noticed;
    private int harmless;

    void add(Result result) {
      switch (result) {
        case NOTICED -> noticed++;
        case HARMLESS -> harmless++;
        case ABSENT -> {}
      }
    }

    int injected() {
      return noticed + harmless;
    }

    @Override
    public String toString() {
      return noticed + "+" + harmless;
    }
  }
}
