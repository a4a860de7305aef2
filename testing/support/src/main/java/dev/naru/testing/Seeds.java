package dev.naru.testing;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/**
 * Random tests that can be repeated. Each run prints its seed before it starts, so that even one
 * that hangs or kills the JVM can be replayed: {@code -Dseed=S} runs that seed alone.
 *
 * <p>Otherwise the seeds are 1, 2, 3 and so on, the same every time, and one fresh seed, so that
 * the hundredth build has seen more than the first. {@code -Dseeds=N} asks for another number of
 * them.
 */
public final class Seeds {

  /** What is claimed to hold whatever the seed is. */
  @FunctionalInterface
  public interface Claim {
    /** Throws if it does not hold. */
    void holdsFor(long seed, RandomGenerator random) throws Throwable;
  }

  private final Optional<Long> replayed;
  private final Optional<Integer> count;
  private final Supplier<Long> fresh;

  Seeds(Optional<Long> replayed, Optional<Integer> count, Supplier<Long> fresh) {
    this.replayed = replayed;
    this.count = count;
    this.fresh = fresh;
  }

  /** Runs the claim with this many seeds, unless the command line says otherwise. */
  public static void forEach(int count, Claim claim) {
    fromCommandLine().run(count, claim);
  }

  /** The same dice for the same seed, on every machine. */
  public static RandomGenerator random(long seed) {
    return new SplittableRandom(seed);
  }

  private static Seeds fromCommandLine() {
    return new Seeds(
        Optional.ofNullable(Long.getLong("seed")),
        Optional.ofNullable(Integer.getInteger("seeds")),
        // Positive and short enough to be typed; any will do, since it is printed.
        () -> new SplittableRandom().nextLong(1L << 40, 1L << 41));
  }

  void run(int countByDefault, Claim claim) {
    for (long seed : seeds(countByDefault)) {
      System.out.println("seed " + seed);
      try {
        claim.holdsFor(seed, random(seed));
      } catch (Throwable e) {
        throw new AssertionError(
            "Failed with seed %d; replay with -Dseed=%d: %s".formatted(seed, seed, e), e);
      }
    }
  }

  private List<Long> seeds(int countByDefault) {
    if (replayed.isPresent()) {
      return List.of(replayed.get());
    }
    int wanted = count.orElse(countByDefault);
    if (wanted < 1) {
      throw new IllegalArgumentException("Expected at least one seed, but was " + wanted);
    }
    return LongStream.concat(LongStream.range(1, wanted), LongStream.of(fresh.get()))
        .boxed()
        .toList();
  }
}
