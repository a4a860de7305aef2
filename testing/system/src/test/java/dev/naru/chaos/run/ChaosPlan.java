package dev.naru.chaos.run;

import dev.naru.chaos.fault.FaultKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Which faults come in which order; the same seed gives the same plan. Each kind comes once before
 * any comes again. Of two kinds or more, one in four steps is a fault of links and another one at
 * the same time.
 */
public final class ChaosPlan {

  private static final int JOINED_ONE_IN = 4;

  private final long seed;
  private final Duration time;
  private final List<FaultKind> kinds;
  private final Random dice;
  private final List<FaultKind> bag = new ArrayList<>();

  /**
   * One step.
   *
   * @param meanwhile a fault of links that lasts while the other one happens
   * @param seed of the dice for both
   */
  public record Step(FaultKind kind, Optional<FaultKind> meanwhile, long seed) {

    @Override
    public String toString() {
      return kind.text() + meanwhile.map(other -> " during " + other.text()).orElse("");
    }
  }

  private ChaosPlan(long seed, Duration time, List<FaultKind> kinds) {
    this.seed = seed;
    this.time = time;
    this.kinds = kinds;
    this.dice = new Random(seed);
  }

  /** A plan for so long. */
  public static ChaosPlan of(long seed, Duration time, List<FaultKind> kinds) {
    if (kinds.isEmpty()) {
      throw new IllegalArgumentException("Expected kinds of faults, but there are none");
    }
    return new ChaosPlan(seed, time, List.copyOf(kinds));
  }

  /** What comes next. */
  public Step next() {
    var kind = draw();
    var links = kinds.stream().filter(FaultKind::isOfLinks).toList();
    boolean isJoined = dice.nextInt(JOINED_ONE_IN) == 0 && kind.mayBeJoined() && !links.isEmpty();
    return new Step(
        kind,
        isJoined ? Optional.of(links.get(dice.nextInt(links.size()))) : Optional.empty(),
        dice.nextLong());
  }

  private FaultKind draw() {
    if (bag.isEmpty()) {
      bag.addAll(kinds);
      Collections.shuffle(bag, dice);
    }
    return bag.removeLast();
  }

  /** A time for which nothing happens, while clients go on. */
  public Duration calm(Duration least, Duration most) {
    return Duration.ofMillis(dice.nextLong(least.toMillis(), most.toMillis() + 1));
  }

  public long seed() {
    return seed;
  }

  /** How long faults are made. */
  public Duration time() {
    return time;
  }

  /** Those that it draws from. */
  public List<FaultKind> kinds() {
    return kinds;
  }
}
