package dev.naru.broker.node;

import dev.naru.broker.events.EventCode;
import dev.naru.types.Refused;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What the start of a node waits for: others of its cluster, which may never come. A wait has no
 * limit, so that a cluster can be started in any order; but whoever looks is told of it, by the
 * probes at once and by the log now and then. One wait at a time, of the thread that starts the
 * node.
 */
final class StartWaits {

  private static final Logger LOG = LogManager.getLogger(StartWaits.class);

  /** When a whole cluster starts, nobody need look before that. */
  private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Then after twice the time waited, but no later than this. */
  private static final long REPEAT_NANOS_MAX = TimeUnit.MINUTES.toNanos(5);

  private static final long LOOK_MILLIS = 1_000;

  /**
   * A wait.
   *
   * @param why it has not ended yet, as far as somebody has said; else empty
   */
  private record Wait(String what, long sinceNanos, long tellAfterNanos, String why) {}

  private final LongSupplier nanoClock;

  /** Written by the thread that waits, read by the health pages. */
  private volatile @Nullable Wait current;

  /** Set once there is something to see; read by any thread. */
  private volatile Supplier<String> seen = () -> "";

  StartWaits(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** From now on it tells as well what this node sees of its cluster. */
  void tellAlso(Supplier<String> whatIsSeen) {
    seen = whatIsSeen;
  }

  void begin(String what) {
    current = new Wait(what, nanoClock.getAsLong(), FIRST_NANOS, "");
  }

  /** Why the wait under way has not ended yet. */
  void because(Refused why) {
    var wait = current;
    if (wait != null) {
      current = new Wait(wait.what(), wait.sinceNanos(), wait.tellAfterNanos(), why.toString());
    }
  }

  void end() {
    current = null;
  }

  /**
   * Waits as long as it takes.
   *
   * @throws CompletionException with the fault that it ended with
   */
  <T> T await(String what, CompletableFuture<T> future) throws InterruptedException {
    begin(what);
    try {
      while (true) {
        try {
          return future.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          look();
        }
      }
    } catch (ExecutionException e) {
      throw new CompletionException(Optional.ofNullable(e.getCause()).orElse(e));
    } finally {
      end();
    }
  }

  /** Says in the log what is waited for, if that is due. */
  void look() {
    due().ifPresent(words -> LOG.warn(EventCode.STARTUP_STEP.marker(), words));
  }

  /** What to say of the wait now, if it is due; then it is not due again for a while. */
  Optional<String> due() {
    var wait = current;
    if (wait == null) {
      return Optional.empty();
    }
    long waited = nanoClock.getAsLong() - wait.sinceNanos();
    if (waited < wait.tellAfterNanos()) {
      return Optional.empty();
    }
    long next = waited + Math.min(waited, REPEAT_NANOS_MAX);
    current = new Wait(wait.what(), wait.sinceNanos(), next, wait.why());
    return Optional.of("The start " + words());
  }

  /** What is waited for, how long by now, why, and what is seen; empty if nothing is. */
  String words() {
    var wait = current;
    if (wait == null) {
      return "";
    }
    long seconds = TimeUnit.NANOSECONDS.toSeconds(nanoClock.getAsLong() - wait.sinceNanos());
    var waited = "has waited %d s for %s".formatted(seconds, wait.what());
    return Stream.of(waited, wait.why(), seen.get())
        .filter(each -> !each.isEmpty())
        .collect(Collectors.joining("; "));
  }
}
