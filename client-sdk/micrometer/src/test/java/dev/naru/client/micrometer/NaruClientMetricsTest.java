package dev.naru.client.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.ClientMetric;
import dev.naru.client.Codec;
import dev.naru.client.ConsumerRecord;
import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordInterceptor;
import dev.naru.client.mock.MockCluster;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class NaruClientMetricsTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void showsEveryMetricWithItsHelpAndTags() {
    new NaruClientMetrics(new MockCluster().metrics(), Tags.of("client", "billing"))
        .bindTo(registry);

    assertThat(registry.getMeters())
        .hasSize(ClientMetric.values().length)
        .allSatisfy(meter -> {
          assertThat(meter.getId().getTag("client")).isEqualTo("billing");
          assertThat(meter.getId().getDescription()).isNotBlank();
        });
    assertThat(registry.getMeters())
        .extracting(meter -> meter.getId().getName())
        .contains("naru_producer_buffer_available_bytes", "naru_producer_buffer_exhausted_total");
  }

  @Test
  void countsOn() {
    var cluster =
        new MockCluster()
            .topic("orders", 1)
            .interceptor(
                new RecordInterceptor() {
                  @Override
                  public void onPolled(List<? extends ConsumerRecord<?, ?>> records) {
                    throw new IllegalStateException("broken");
                  }
                });
    new NaruClientMetrics(cluster.metrics(), Tags.empty()).bindTo(registry);
    cluster.producer(Codec.utf8(), Codec.utf8()).send(ProducerRecord.of("orders", "v")).join();
    var consumer = cluster.consumer(Codec.utf8(), Codec.utf8());
    consumer.assign(consumer.partitionsOf("orders"));
    consumer.seekToBeginning(consumer.partitionsOf("orders").get(0));

    assertThat(consumer.poll(Duration.ofSeconds(1))).hasSize(1);

    var counter = registry.get("naru_client_interceptor_failures_total").functionCounter();
    assertThat(counter.count()).isEqualTo(1);
    assertThat(counter.getId().getType()).isEqualTo(Meter.Type.COUNTER);
    assertThat(registry.get("naru_consumer_records_total").functionCounter().count()).isEqualTo(1);
  }
}
