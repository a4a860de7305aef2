package dev.naru.client.micrometer;

import dev.naru.client.ClientMetric;
import dev.naru.client.ClientMetrics;
import dev.naru.client.NaruClient;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Shows what a client counts as meters: one for each {@link ClientMetric}, under its name. Reads
 * the counters when it is asked, and costs records nothing. With several clients in one registry
 * each is given a tag of its own, or only the first one is shown.
 *
 * <pre>{@code
 * new NaruClientMetrics(naru, Tags.of("client", "billing")).bindTo(registry);
 * }</pre>
 */
public final class NaruClientMetrics implements MeterBinder {

  private static final String OF_COUNTERS = "_total";

  private final ClientMetrics metrics;
  private final Tags tags;

  /** Those of a client. */
  public NaruClientMetrics(NaruClient client) {
    this(client, Tags.empty());
  }

  /** Those of a client, with these tags. */
  public NaruClientMetrics(NaruClient client, Iterable<Tag> tags) {
    this(client.metrics(), tags);
  }

  /** These, with these tags. */
  public NaruClientMetrics(ClientMetrics metrics, Iterable<Tag> tags) {
    this.metrics = metrics;
    this.tags = Tags.of(tags);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (var metric : ClientMetric.values()) {
      if (metric.id().endsWith(OF_COUNTERS)) {
        FunctionCounter.builder(metric.id(), metrics, known -> known.value(metric))
            .tags(tags)
            .description(metric.help())
            .register(registry);
      } else {
        Gauge.builder(metric.id(), metrics, known -> known.value(metric))
            .tags(tags)
            .description(metric.help())
            .strongReference(true)
            .register(registry);
      }
    }
  }
}
