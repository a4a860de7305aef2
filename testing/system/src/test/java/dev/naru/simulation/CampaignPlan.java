package dev.naru.simulation;

import dev.naru.simulation.planted.Planted;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which runs somebody asks for.
 *
 * @param worlds in which the seeds are played in turn, or one seed in each of them
 * @param firstSeed the next ones follow
 * @param seeds how many
 * @param isReplay whether it is one seed, in each of the worlds
 * @param threads how many runs go on at the same time
 * @param keepsGoing whether the rest is run, too, when one has failed
 * @param rules the product's, but if somebody wants to see how a failure looks
 */
record CampaignPlan(
    List<Planted.World> worlds,
    long firstSeed,
    long seeds,
    boolean isReplay,
    int threads,
    boolean keepsGoing,
    Rules rules) {

  /** One run. */
  record Run(Planted.World world, long seed) {}

  CampaignPlan {
    if (worlds.isEmpty() || seeds < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "Expected a world, a seed and a thread at least, but was %s, %d, %d"
              .formatted(worlds, seeds, threads));
    }
  }

  /**
   * As the properties have it, which a command line sets: {@code world}, {@code seeds}, {@code
   * firstSeed} or {@code seed}, {@code threads}, {@code keepGoing}, {@code planted}.
   *
   * @param property what stands there under a name, or null
   */
  static CampaignPlan of(Function<String, @Nullable String> property, long seedsByDefault) {
    var seed = value(property, "seed").map(Long::valueOf);
    return new CampaignPlan(
        value(property, "world").map(CampaignPlan::worlds).orElse(worlds("all")),
        seed.or(() -> value(property, "firstSeed").map(Long::valueOf)).orElse(1L),
        seed.isPresent() ? 1 : value(property, "seeds").map(Long::valueOf).orElse(seedsByDefault),
        seed.isPresent(),
        value(property, "threads")
            .map(Integer::valueOf)
            .orElse(Runtime.getRuntime().availableProcessors()),
        value(property, "keepGoing").filter(text -> !text.equals("false")).isPresent(),
        value(property, "planted").map(CampaignPlan::planted).orElse(Rules.PRODUCT));
  }

  private static Optional<String> value(Function<String, @Nullable String> property, String name) {
    return Optional.ofNullable(property.apply(name));
  }

  private static List<Planted.World> worlds(String names) {
    return names.equals("all")
        ? List.of(Planted.World.values())
        : Arrays.stream(names.split(",", -1))
            .map(name -> Planted.World.valueOf(name.toUpperCase(Locale.ROOT)))
            .toList();
  }

  private static Rules planted(String name) {
    return Planted.all().stream()
        .filter(bug -> bug.toString().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("Expected a planted bug, but was " + name));
  }

  /** How many runs. */
  long runs() {
    return isReplay ? worlds.size() : seeds;
  }

  /**
   * Which run has this number.
   *
   * @param number from 0 on
   */
  Run run(long number) {
    return new Run(
        worlds.get((int) (number % worlds.size())), isReplay ? firstSeed : firstSeed + number);
  }
}
