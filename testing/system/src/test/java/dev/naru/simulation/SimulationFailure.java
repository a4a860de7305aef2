package dev.naru.simulation;

import dev.naru.simulation.invariant.Violation;
import dev.naru.simulation.planted.Planted;
import java.util.Locale;

/** A run that must not have ended so, with what it takes to see it again. */
final class SimulationFailure extends AssertionError {

  private static final long serialVersionUID = 1;

  private final String invariant;

  SimulationFailure(Scenario scenario, Rules rules, World world, Throwable cause) {
    super(
        """
        %s
        after %d events, %.3f virtual seconds, in %s

        The newest events%s:
        %s

        Of the cluster:
        %s

        Replay: ./mvnw -pl testing/system -am verify -Psimulate -Dworld=%s -Dseed=%d%s
        """
            .formatted(
                cause,
                world.executed(),
                world.elapsedNanos() / 1e9,
                scenario,
                cause instanceof Violation v ? " of partition " + v.partition().partition() : "",
                cause instanceof Violation v ? world.trace().newestOf(v.partition()) : "",
                world.trace().newestOfTheCluster(),
                scenario.world().name().toLowerCase(Locale.ROOT),
                scenario.seed(),
                rules instanceof Planted bug ? " -Dplanted=" + bug : ""),
        cause);
    invariant =
        cause instanceof Violation violation
            ? violation.invariant()
            : cause.getClass().getSimpleName();
  }

  /** The invariant that did not hold, or the exception that was thrown. */
  String invariant() {
    return invariant;
  }
}
