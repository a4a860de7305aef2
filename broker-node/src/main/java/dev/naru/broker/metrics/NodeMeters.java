package dev.naru.broker.metrics;

import dev.naru.broker.events.EventCode;
import dev.naru.types.ErrorCode;
import dev.naru.types.MetricId;
import dev.naru.types.NodeId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;

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

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<EventCode, Counter> events = new EnumMap<>(EventCode.class);
  private final ConcurrentHashMap<String, TopicTraffic> topics = new ConcurrentHashMap<>();
  private final TopicTraffic otherTopics;

  private record TopicTraffic(Counter bytesIn, Counter recordsIn, Counter bytesOut) {}

  private NodeMeters(NodeId node) {
    registry.config().commonTags("node", node.toString());
    for (var code : EventCode.values()) {
      events.put(code, counter(BrokerMetric.EVENTS, "code", code.name()));
    }
    otherTopics = traffic(OTHER_TOPICS);
  }

  /** The registry of this node, with what the JVM tells about itself. */
  public static NodeMeters create(NodeId node) {
    var meters = new NodeMeters(node);
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
    traffic.bytesIn().increment(bytes);
    traffic.recordsIn().increment(records);
  }

  /** Batches of a topic went out. */
  public void fetched(String topic, int bytes) {
    trafficOf(topic).bytesOut().increment(bytes);
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

  /** Numbers under labels that come and go, to be registered whenever they are known. */
  public MultiGauge gauges(MetricId metric) {
    return MultiGauge.builder(metric.id()).description(metric.help()).register(registry);
  }

  /** A histogram of durations. */
  public Timer timer(MetricId metric, Tags tags) {
    return Timer.builder(metric.id())
        .description(metric.help())
        .tags(tags)
        .publishPercentileHistogram()
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
    registry.close();
  }
}
