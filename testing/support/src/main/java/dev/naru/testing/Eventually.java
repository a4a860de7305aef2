package dev.naru.testing;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.ThrowingRunnable;

/**
 * Waits for a condition, at most as long as its causes can take together. A limit that is a sum of
 * named causes can be argued about; "thirty seconds" cannot.
 *
 * <pre>{@code
 * Eventually.allowing("the node is found silent", ofSeconds(6))
 *     .and("an election", ofMillis(600))
 *     .until("another node leads", () -> cluster.leaderOf("orders", 0) != dead);
 * }</pre>
 */
public record Eventually(List<Cause> causes) {

  /** Why it may take time, and how long. */
  public record Cause(String name, Duration limit) {}

  private static final Duration POLL = Duration.ofMillis(10);

  /** What a loaded machine may add: threads that wait for a core, a collector, a slow fsync. */
  private static final Cause SLOW_MACHINE =
      new Cause("a slow machine", Duration.ofSeconds(Integer.getInteger("patience.seconds", 10)));

  /** Keeps a copy. */
  public Eventually {
    causes = List.copyOf(causes);
  }

  /** Allows for this cause, and for a slow machine. */
  public static Eventually allowing(String cause, Duration limit) {
    return new Eventually(List.of(SLOW_MACHINE)).and(cause, limit);
  }

  /** Allows for one more cause. */
  public Eventually and(String cause, Duration limit) {
    return new Eventually(
        Stream.concat(causes.stream(), Stream.of(new Cause(cause, limit))).toList());
  }

  /** What all causes can take together. */
  public Duration limit() {
    return causes.stream().map(Cause::limit).reduce(Duration.ZERO, Duration::plus);
  }

  /**
   * Waits until the condition holds; fails with the claim and the causes when the limit has passed.
   */
  public void until(String claim, Callable<Boolean> condition) {
    waitFor(claim, () -> await(claim).until(condition));
  }

  /** Waits until the assertion passes; else fails with the claim and the last failure. */
  public void untilAsserted(String claim, ThrowingRunnable assertion) {
    waitFor(claim, () -> await(claim).untilAsserted(assertion));
  }

  private ConditionFactory await(String claim) {
    return Awaitility.await(claim)
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(POLL)
        .atMost(limit());
  }

  private void waitFor(String claim, Runnable wait) {
    try {
      wait.run();
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          "Expected that %s, but not within %s (%s): %s"
              .formatted(claim, limit(), describeCauses(), e.getMessage()),
          e);
    }
  }

  private String describeCauses() {
    return causes.stream()
        .map(cause -> cause.name() + " " + cause.limit())
        .collect(Collectors.joining(" + "));
  }
}
