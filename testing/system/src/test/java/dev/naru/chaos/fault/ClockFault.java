package dev.naru.chaos.fault;

import dev.naru.chaos.host.Clocks;
import dev.naru.chaos.host.Wait;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A node's wall clock jumps, and back some seconds later. Proof: the time that the node tells. */
final class ClockFault implements Fault {

  private static final List<Duration> JUMPS =
      List.of(Duration.ofHours(1), Duration.ofHours(-1), Duration.ofDays(3), Duration.ofDays(-3));

  private static final Duration SHORTEST = Duration.ofSeconds(3);
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final Duration SEEN_LIMIT = Duration.ofSeconds(20);
  private static final Duration TOLERANCE = Duration.ofSeconds(10);

  @Override
  public Optional<String> whyNot(Stage stage) {
    return Clocks.whyNot();
  }

  @Override
  public Outcome inflict(Stage stage, Random dice) throws IOException {
    var host = stage.anybody(dice);
    var jump = JUMPS.get(dice.nextInt(JUMPS.size()));
    Clocks.set(host, jump);
    boolean isSeen =
        Wait.comes(
            SEEN_LIMIT,
            () ->
                stage.cluster().clockOffset(host.id()).stream()
                    .anyMatch(offset -> offset.minus(jump).abs().compareTo(TOLERANCE) < 0));
    Wait.hold(Wait.between(dice, SHORTEST, LONGEST));
    Clocks.set(host, Duration.ZERO);
    return Outcome.of("node " + host.id(), isSeen, "the node tells a time that is off by " + jump);
  }
}
