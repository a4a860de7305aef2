package dev.naru.client;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a client has counted, for whoever wants to show it: plain numbers, which belong to no
 * library. Any thread may read them; the client's own parts write them.
 */
public final class ClientMetrics {

  private final Map<ClientMetric, LongAdder> counted = new EnumMap<>(ClientMetric.class);
  private final Map<ClientMetric, List<LongSupplier>> watched = new EnumMap<>(ClientMetric.class);

  /** All zero. */
  public ClientMetrics() {
    for (var metric : ClientMetric.values()) {
      counted.put(metric, new LongAdder());
      watched.put(metric, new CopyOnWriteArrayList<>());
    }
  }

  /** The present value: what was counted, or the sum of what is watched. */
  public long value(ClientMetric metric) {
    long sum = adder(metric).sum();
    for (var each : suppliers(metric)) {
      sum += each.getAsLong();
    }
    return sum;
  }

  /** One more. */
  public void count(ClientMetric metric) {
    adder(metric).increment();
  }

  /** So many more. */
  public void count(ClientMetric metric, long more) {
    adder(metric).add(more);
  }

  /** Adds a part to a value, as long as the watch is open. */
  public Watch watch(ClientMetric metric, LongSupplier part) {
    var parts = suppliers(metric);
    parts.add(part);
    return () -> parts.remove(part);
  }

  private LongAdder adder(ClientMetric metric) {
    return known(counted.get(metric), metric);
  }

  private List<LongSupplier> suppliers(ClientMetric metric) {
    return known(watched.get(metric), metric);
  }

  private static <T> T known(@Nullable T found, ClientMetric metric) {
    if (found == null) {
      throw new IllegalArgumentException("Expected a metric of a client, but was " + metric);
    }
    return found;
  }

  /** A part of a value; closing it takes the part out. */
  @FunctionalInterface
  public interface Watch extends AutoCloseable {

    /** Throws nothing. */
    @Override
    void close();
  }
}
