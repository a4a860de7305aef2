package dev.naru.metrics;

import dev.naru.types.MetricId;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The gauges of one metric, under labels that come and go. One that stays is on every page that is
 * made meanwhile: {@link MultiGauge} would take it away before it gave it its next number, and an
 * alert that a scrape in between sees would begin anew.
 *
 * <p>Shown by one thread at a time, read by any.
 */
public final class LabelledGauges {

  private final MultiGauge gauges;
  private final ConcurrentHashMap<Tags, Double> values = new ConcurrentHashMap<>();

  /** None at first. */
  public LabelledGauges(MetricId metric, MeterRegistry meters) {
    this.gauges = MultiGauge.builder(metric.id()).description(metric.help()).register(meters);
  }

  /** These numbers and no others, by their labels. */
  public void show(Map<Tags, ? extends Number> now) {
    now.forEach((labels, number) -> values.put(labels, number.doubleValue()));
    gauges.register(now.keySet().stream().<MultiGauge.Row<?>>map(this::row).toList(), false);
    values.keySet().retainAll(now.keySet());
  }

  private MultiGauge.Row<Tags> row(Tags labels) {
    return MultiGauge.Row.of(labels, labels, asked -> values.getOrDefault(asked, Double.NaN));
  }
}
