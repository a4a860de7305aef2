package dev.naru.broker.metrics;

import dev.naru.broker.events.EventCode;
import dev.naru.metrics.LabelledGauges;
import dev.naru.types.ErrorCode;
import dev.naru.types.MetricId;
import dev.naru.types.NodeId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.stream.LongStream;

/**
 * A node's registry. Labels come from sets bounded by configuration: topics beyond a limit are
 * counted together.
 */
public final class NodeMeters implements AutoCloseable {

  /**
   * A thousand topics would be a thousand series for each of three counters; these are enough to
   * look at.
   */
  private static final int TOPICS_MAX = 500;

  private static final String OTHER_TOPICS = "_other";

  /** Three for a power of ten: enough for a quantile that tells 50 ms from 20, in few series. */
  private static final Duration[] BUCKETS =
      LongStream.of(
              100,
              200,
              500,
              1_000,
              2_000,
              5_000,
              10_000,
              20_000,
              50_000,
              100_000,
              200_000,
              500_000,
              1_000_000,
              2_000_000,
              5_000_000,
              10_000_000)
          .mapToObj(micros -> Duration.of(micros, ChronoUnit.MICROS))
          .toArray(Duration[]::new);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<EventCode, Counter> events = new EnumMap<>(EventCode.class);
  private final ConcurrentHashMap<String, TopicTraffic> topics = new ConcurrentHashMap<>();
  private final TopicTraffic otherTopics;
  private final Counter coldBytes;

  /** Of all topics: a sum over their counters would be asked for every few seconds. */
  private final LongAdder bytesIn = new LongAdder();

  private final LongAdder bytesOut = new LongAdder();
  private final JvmGcMetrics pauses = new JvmGcMetrics();

  private record TopicTraffic(Counter bytesIn, Counter recordsIn, Counter bytesOut) {}

  private NodeMeters(NodeId node) {
    registry.config().commonTags("node", node.toString());
    for (var code : EventCode.values()) {
      events.put(code, counter(BrokerMetric.EVENTS, "code", code.name()));
    }
    otherTopics = traffic(OTHER_TOPICS);
    coldBytes = counter(BrokerMetric.COLD_READ);
  }

  /** The registry of this node, with what the JVM and the process tell about themselves. */
  public static NodeMeters create(NodeId node) {
    var meters = new NodeMeters(node);
    meters.pauses.bindTo(meters.registry);
    new FileDescriptorMetrics().bindTo(meters.registry);
    new JvmMemoryMetrics().bindTo(meters.registry);
    new JvmThreadMetrics().bindTo(meters.registry);
    new ClassLoaderMetrics().bindTo(meters.registry);
    new ProcessorMetrics().bindTo(meters.registry);
    new UptimeMetrics().bindTo(meters.registry);
    return meters;
  }

  /** For those who register meters of their own. */
  public MeterRegistry registry() {
    return registry;
  }

  /** Everything, in the text format of Prometheus. */
  public String page() {
    return registry.scrape();
  }

  /** Counts an event. */
  public void count(EventCode code) {
    var counter = events.get(code);
    if (counter != null) {
      counter.increment();
    }
  }

  /** Batches of a topic came in. */
  public void produced(String topic, int bytes, int records) {
    var traffic = trafficOf(topic);
    bytesIn.add(bytes);
    traffic.bytesIn().increment(bytes);
    traffic.recordsIn().increment(records);
  }

  /** Batches of a topic went out. */
  public void fetched(String topic, int bytes) {
    bytesOut.add(bytes);
    trafficOf(topic).bytesOut().increment(bytes);
  }

  /** What producers have sent to this node since it started, of all topics. */
  public long bytesIn() {
    return bytesIn.sum();
  }

  /** What consumers were sent, of all topics. */
  public long bytesOut() {
    return bytesOut.sum();
  }

  /** A read for a consumer took longer than memory does. */
  public void readCold(int bytes) {
    coldBytes.increment(bytes);
  }

  /** Offsets of a topic were declared lost. */
  public void lost(String topic, long offsets) {
    var label = topics.containsKey(topic) || topics.size() < TOPICS_MAX ? topic : OTHER_TOPICS;
    counter(BrokerMetric.DATA_LOSS, "topic", label).increment((double) offsets);
  }

  /** A request was refused. */
  public void refused(String api, ErrorCode code) {
    registry
        .counter(BrokerMetric.ERRORS.id(), Tags.of("api", api, "code", code.name()))
        .increment();
  }

  /** A counter without a label. */
  public Counter counter(MetricId metric) {
    return Counter.builder(metric.id()).description(metric.help()).register(registry);
  }

  /** A counter with one label. */
  public Counter counter(MetricId metric, String label, String value) {
    return Counter.builder(metric.id())
        .description(metric.help())
        .tag(label, value)
        .register(registry);
  }

  /** A number that is asked for when the page is made. */
  public void gauge(MetricId metric, Tags tags, DoubleSupplier value) {
    Gauge.builder(metric.id(), value::getAsDouble)
        .description(metric.help())
        .tags(tags)
        .register(registry);
  }

  /** Numbers under labels that come and go, to be shown whenever they are known. */
  public LabelledGauges gauges(MetricId metric) {
    return new LabelledGauges(metric, registry);
  }

  /** A histogram of durations, from a tenth of a millisecond to ten seconds. */
  public Timer timer(MetricId metric, Tags tags) {
    return Timer.builder(metric.id())
        .description(metric.help())
        .tags(tags)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  private TopicTraffic trafficOf(String topic) {
    var known = topics.get(topic);
    if (known != null) {
      return known;
    }
    return topics.size() < TOPICS_MAX ? topics.computeIfAbsent(topic, this::traffic) : otherTopics;
  }

  private TopicTraffic traffic(String topic) {
    return new TopicTraffic(
        counter(BrokerMetric.BYTES_IN, "topic", topic),
        counter(BrokerMetric.RECORDS_IN, "topic", topic),
        counter(BrokerMetric.BYTES_OUT, "topic", topic));
  }

  @Override
  public void close() {
    pauses.close();
    registry.close();
  }
}
