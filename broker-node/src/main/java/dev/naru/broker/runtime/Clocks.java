package dev.naru.broker.runtime;

import java.util.function.LongSupplier;

/**
 * A node's clocks.
 *
 * @param nanos monotonic: for every timeout
 * @param wallMillis of the epoch: stamped into records and commands, compared only with the times
 *     of records
 */
public record Clocks(LongSupplier nanos, LongSupplier wallMillis) {

  /** The machine's. */
  public static final Clocks SYSTEM = new Clocks(System::nanoTime, System::currentTimeMillis);
}
