package dev.naru.broker.node;

import dev.naru.broker.events.EventCode;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The list of steps by which a node starts, and stops in the opposite order. A step that fails to
 * start stops those before it; one that fails to stop is logged, and the rest still stop.
 */
final class Startup {

  private static final Logger LOG = LogManager.getLogger(Startup.class);

  private static final long NANOS_PER_MILLI = 1_000_000;

  /** A step that has started, and how to undo it. */
  record StartupStep(String name, Runnable stop) {}

  /** What a step does; it may refuse. */
  interface Start<T> {
    T start() throws Exception;
  }

  private final LongSupplier nanoClock;
  private final ArrayDeque<StartupStep> started = new ArrayDeque<>();

  /** Written by the thread that starts or stops the node, read by the health pages. */
  private volatile String current = "config";

  Startup(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /**
   * Takes a step.
   *
   * @param stop undoes it
   */
  <T> T step(String name, Start<T> start, Consumer<T> stop) throws StartException {
    current = name;
    long begun = nanoClock.getAsLong();
    T made;
    try {
      made = start.start();
    } catch (Exception e) {
      stop();
      throw failed(name, e);
    }
    started.push(new StartupStep(name, () -> stop.accept(made)));
    LOG.info("Started {} in {} ms", name, (nanoClock.getAsLong() - begun) / NANOS_PER_MILLI);
    return made;
  }

  /** Takes a step that leaves nothing but its undoing. */
  void step(String name, Runnable stop) throws StartException {
    var _ = step(name, () -> name, _ -> stop.run());
  }

  private static StartException failed(String name, Exception cause) {
    return cause instanceof StartException refused
        ? refused
        : StartFaults.explain("Expected to start " + name + ", but: " + cause, cause);
  }

  /** The step under way, or the last one. */
  String current() {
    return current;
  }

  /** Undoes every step, the last one first. */
  void stop() {
    while (!started.isEmpty()) {
      var step = started.pop();
      current = "stopping " + step.name();
      long begun = nanoClock.getAsLong();
      try {
        step.stop().run();
        LOG.info(
            "Stopped {} in {} ms", step.name(), (nanoClock.getAsLong() - begun) / NANOS_PER_MILLI);
      } catch (RuntimeException e) {
        LOG.error(
            EventCode.STARTUP_STEP.marker(), "{} did not stop; the rest goes on", step.name(), e);
      }
    }
    current = "stopped";
  }
}
