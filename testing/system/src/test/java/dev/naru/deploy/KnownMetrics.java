package dev.naru.deploy;

import dev.naru.broker.metrics.BrokerMetric;
import dev.naru.client.ClientMetric;
import dev.naru.controller.ControllerMetric;
import dev.naru.log.store.StoreMetric;
import dev.naru.metadata.ratis.RatisMetric;
import dev.naru.types.MetricId;
import dev.naru.types.MetricType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Every metric that Naru's own code counts. */
final class KnownMetrics {

  private static final List<String> OF_TIMES = List.of("_bucket", "_count", "_sum", "_max");

  /** By the names of their series on a node's page. */
  private static final Map<String, MetricId> OF_SERIES = ofSeries();

  private KnownMetrics() {}

  /** By the headings under which they are listed. */
  static Map<String, List<? extends MetricId>> byPart() {
    var parts = new LinkedHashMap<String, List<? extends MetricId>>();
    parts.put("Records, partitions and groups", List.of(BrokerMetric.values()));
    parts.put("Disks", List.of(StoreMetric.values()));
    parts.put("Controller", List.of(ControllerMetric.values()));
    parts.put("Metadata quorum", List.of(RatisMetric.values()));
    parts.put("Clients", List.of(ClientMetric.values()));
    return parts;
  }

  /** Those of nodes. */
  static Stream<MetricId> ofNodes() {
    return byPart().values().stream()
        .flatMap(List::stream)
        .filter(metric -> !(metric instanceof ClientMetric))
        .map(metric -> metric);
  }

  /** The metric that a series of a node's page belongs to. */
  static Optional<MetricId> ofSeries(String name) {
    return Optional.ofNullable(OF_SERIES.get(name));
  }

  private static Map<String, MetricId> ofSeries() {
    var byName = new TreeMap<String, MetricId>();
    ofNodes().forEach(metric -> names(metric).forEach(each -> byName.put(each, metric)));
    return byName;
  }

  private static Stream<String> names(MetricId metric) {
    boolean isOfTimes =
        metric.type() == MetricType.HISTOGRAM || metric.type() == MetricType.SUMMARY;
    return isOfTimes
        ? OF_TIMES.stream().map(ending -> metric.id() + ending)
        : Stream.of(metric.id());
  }
}
