package dev.naru.metadata.log;

/**
 * The node's own end, given to parts that can meet a fault after which the process must not go on:
 * a failed metadata log, a bug in apply. Called once or more, from any thread; it must not wait for
 * the caller's thread.
 */
@FunctionalInterface
public interface FatalFault {

  /** Ends the process, deliberately and soon. */
  void end(String reason, Throwable cause);
}
