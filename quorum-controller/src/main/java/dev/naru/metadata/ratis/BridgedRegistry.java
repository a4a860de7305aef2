package dev.naru.metadata.ratis;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.apache.ratis.metrics.LongCounter;
import org.apache.ratis.metrics.MetricRegistryInfo;
import org.apache.ratis.metrics.RatisMetricRegistry;
import org.apache.ratis.metrics.Timekeeper;

/**
 * One of Ratis' registries. What {@link RatisMetric} names goes to the node's meters; the rest is
 * counted where Ratis reads it back, and not timed at all.
 */
final class BridgedRegistry implements RatisMetricRegistry {

  private static final Timekeeper UNTIMED = () -> () -> 0;

  private final MetricRegistryInfo info;
  private final Optional<MeterRegistry> meters;

  /** Gauges look into objects of one term; they must go with them. Counters and timers stay. */
  private final Map<String, Meter> gauges = new ConcurrentHashMap<>();

  BridgedRegistry(MetricRegistryInfo info, Optional<MeterRegistry> meters) {
    this.info = info;
    this.meters = meters;
  }

  @Override
  public Timekeeper timer(String name) {
    Optional<RatisMetric> metric = RatisMetric.of(info.getMetricsComponentName(), name);
    if (metric.isEmpty() || meters.isEmpty()) {
      return UNTIMED;
    }
    Timer timer =
        Timer.builder(metric.get().id()).description(metric.get().help()).register(meters.get());
    return () -> {
      Timer.Sample sample = Timer.start(meters.get());
      return () -> sample.stop(timer);
    };
  }

  @Override
  public LongCounter counter(String name) {
    return RatisMetric.of(info.getMetricsComponentName(), name)
        .flatMap(metric -> meters.map(registry -> bridged(metric, registry)))
        .orElseGet(AdderCounter::new);
  }

  private static LongCounter bridged(RatisMetric metric, MeterRegistry registry) {
    return new MeterCounter(
        Counter.builder(metric.id()).description(metric.help()).register(registry));
  }

  @Override
  public <T> void gauge(String name, Supplier<Supplier<T>> supplier) {
    RatisMetric.of(info.getMetricsComponentName(), name)
        .ifPresent(metric ->
            meters.ifPresent(registry ->
                gauges.put(
                    name,
                    Gauge.builder(metric.id(), () -> number(supplier.get().get()))
                        .description(metric.help())
                        .register(registry))));
  }

  private static Number number(Object value) {
    return value instanceof Number number ? number : Double.NaN;
  }

  @Override
  public boolean remove(String name) {
    Meter gauge = gauges.remove(name);
    if (gauge != null) {
      meters.ifPresent(registry -> registry.remove(gauge));
    }
    return gauge != null;
  }

  void close() {
    gauges.keySet().forEach(this::remove);
  }

  @Override
  public MetricRegistryInfo getMetricRegistryInfo() {
    return info;
  }

  private static final class AdderCounter implements LongCounter {

    private final LongAdder count = new LongAdder();

    @Override
    public void inc(long n) {
      count.add(n);
    }

    @Override
    public void dec(long n) {
      count.add(-n);
    }

    @Override
    public long getCount() {
      return count.sum();
    }
  }

  private record MeterCounter(Counter counter) implements LongCounter {

    @Override
    public void inc(long n) {
      counter.increment((double) n);
    }

    /** None of the counters that are bridged is ever taken back. */
    @Override
    public void dec(long n) {}

    @Override
    public long getCount() {
      return (long) counter.count();
    }
  }
}
