package dev.naru.broker.runtime;

import dev.naru.metadata.log.FatalFault;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes a node's threads. A fault that a thread does not catch ends the node: it had work to do.
 */
public final class NodeThreads {

  private final FatalFault fatal;

  public NodeThreads(FatalFault fatal) {
    this.fatal = fatal;
  }

  /** Threads {@code name-1}, {@code name-2} and so on. */
  public ThreadFactory numbered(String name) {
    var number = new AtomicInteger();
    return task -> platform(name + "-" + number.incrementAndGet(), task);
  }

  /** Threads of this name. */
  public ThreadFactory named(String name) {
    return task -> platform(name, task);
  }

  private Thread platform(String name, Runnable task) {
    return Thread.ofPlatform()
        .name(name)
        .daemon(true)
        .uncaughtExceptionHandler((thread, fault) ->
            fatal.end("Expected thread " + thread.getName() + " to go on, but it threw", fault))
        .unstarted(task);
  }

  /** A virtual thread for each task that may wait: calls, probes, pages. */
  public static ExecutorService virtual(String name) {
    return Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(name + "-", 1).factory());
  }
}
