package dev.naru.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.controller.ControllerMetric;
import dev.naru.types.MetricId;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LabelledGaugesTest {

  private static final MetricId METRIC = ControllerMetric.PARTITION_SKEW;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final LabelledGauges gauges = new LabelledGauges(METRIC, meters);

  @Test
  void showsWhatIsThereNowAndNothingElse() {
    gauges.show(Map.of(Tags.of("topic", "a"), 1, Tags.of("topic", "b"), 2));
    gauges.show(Map.of(Tags.of("topic", "b"), 3.5, Tags.of("topic", "c"), 4L));

    assertThat(shown()).isEqualTo(Map.of("b", 3.5, "c", 4.0));
  }

  @Test
  void aGaugeThatStaysIsNeverAway() {
    var removed = new ArrayList<Meter>();
    gauges.show(Map.of(Tags.of("topic", "a"), 1));
    meters.config().onMeterRemoved(removed::add);

    gauges.show(Map.of(Tags.of("topic", "a"), 2));

    assertThat(removed).isEmpty();
    assertThat(shown()).isEqualTo(Map.of("a", 2.0));
  }

  @Test
  void oneThatComesAgainHasItsNewNumber() {
    gauges.show(Map.of(Tags.of("topic", "a"), 1));
    gauges.show(Map.of());
    gauges.show(Map.of(Tags.of("topic", "a"), 2));

    assertThat(shown()).isEqualTo(Map.of("a", 2.0));
  }

  private Map<String, Double> shown() {
    var values = new TreeMap<String, Double>();
    for (var gauge : meters.get(METRIC.id()).gauges()) {
      values.put(gauge.getId().getTag("topic"), gauge.value());
    }
    return values;
  }
}
