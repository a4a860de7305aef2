package dev.naru.chaos.fault;

import dev.naru.chaos.host.Tracer;
import dev.naru.chaos.host.Wait;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;

/**
 * The forces of a node fail, or take seconds. A node whose forces failed is killed and started
 * again, as its operator would do. Proof: the calls that were hit.
 */
final class ForceFault implements Fault {

  private static final Duration SHORTEST = Duration.ofSeconds(3);
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final Duration DELAY_MIN = Duration.ofMillis(200);
  private static final Duration DELAY_MAX = Duration.ofSeconds(3);
  private static final Duration HIT_LIMIT = Duration.ofSeconds(30);

  private final boolean isFailure;

  private ForceFault(boolean isFailure) {
    this.isFailure = isFailure;
  }

  static ForceFault failing() {
    return new ForceFault(true);
  }

  static ForceFault slow() {
    return new ForceFault(false);
  }

  @Override
  public Optional<String> whyNot(Stage stage) {
    return Tracer.whyNot();
  }

  @Override
  public Outcome inflict(Stage stage, Random dice) {
    var host = stage.anybody(dice);
    long pid = host.process().pid();
    var output = stage.directory().resolve("strace-%d-%d".formatted(pid, System.nanoTime()));
    var delay = Wait.between(dice, DELAY_MIN, DELAY_MAX);
    try (var tracer =
        isFailure ? Tracer.failForces(pid, output) : Tracer.slowForces(pid, output, delay)) {
      Wait.hold(Wait.between(dice, SHORTEST, LONGEST));
      boolean isHit = Wait.comes(HIT_LIMIT, () -> tracer.hits() > 0);
      if (isFailure && host.isAlive()) {
        int _ = host.kill(); // before anything could be forced again
      }
      return Outcome.of(
          "node " + host.id(),
          isHit,
          isFailure
              ? tracer.hits() + " forces failed"
              : "%d forces took %d ms longer".formatted(tracer.hits(), delay.toMillis()));
    }
  }
}
