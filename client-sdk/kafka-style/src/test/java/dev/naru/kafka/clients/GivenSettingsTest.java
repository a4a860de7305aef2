package dev.naru.kafka.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.client.NaruException;
import dev.naru.kafka.clients.producer.KafkaProducer;
import dev.naru.kafka.common.config.ConfigException;
import dev.naru.kafka.common.serialization.Serializer;
import dev.naru.kafka.common.serialization.StringSerializer;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GivenSettingsTest {

  /** An application's own. */
  public static final class Shouting implements Serializer<String> {
    @Override
    public byte @Nullable [] serialize(String topic, @Nullable String value) {
      return null;
    }
  }

  private static Serializer<String> serializer(Object given) {
    return KnownFormats.serializer(
        GivenSettings.of(Map.of("key.serializer", given)), "key.serializer", true);
  }

  @Test
  void knowsSerializersOfEitherPackageAndThoseThatAreGiven() {
    assertThat(serializer("org.apache.kafka.common.serialization.StringSerializer"))
        .isInstanceOf(StringSerializer.class);
    assertThat(serializer(StringSerializer.class.getName())).isInstanceOf(StringSerializer.class);
    assertThat(serializer(Shouting.class)).isInstanceOf(Shouting.class);
    var object = new Shouting();
    assertThat(serializer(object)).isSameAs(object);
  }

  @Test
  void loadsNoClassByItsName() {
    assertThatThrownBy(() -> serializer(Shouting.class.getName()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("key.serializer")
        .hasMessageContaining("none is loaded by its name");
    assertThatThrownBy(() -> serializer(String.class)).isInstanceOf(ConfigException.class);
  }

  @Test
  void takesValuesOfAnyTypeAndLeavesOutWhatTunesSockets() {
    var defaults = new Properties();
    defaults.setProperty("acks", "ALL");
    var given = new Properties(defaults);
    given.put("linger.ms", 5);
    given.put("enable.idempotence", true);
    given.put("send.buffer.bytes", 1024);
    given.put("interceptor.classes", "");
    given.put("bootstrap.servers", List.of("a:1", "b:2"));
    given.put("partitioner.class", "org.apache.kafka.clients.producer.RoundRobinPartitioner");
    given.put(
        "partition.assignment.strategy",
        "org.apache.kafka.clients.consumer.RangeAssignor,"
            + "org.apache.kafka.clients.consumer.CooperativeStickyAssignor,"
            + "org.apache.kafka.clients.consumer.StickyAssignor");

    assertThat(GivenSettings.of(given).toNaru())
        .isEqualTo(
            Map.of(
                "acks", "all",
                "linger.ms", "5",
                "enable.idempotence", "true",
                "bootstrap.servers", "a:1,b:2",
                "partitioner", "round_robin",
                "partition.assignment.strategy", "range,sticky"));
  }

  @Test
  void refusesWhatWouldChangeWhatAProgramDoes() {
    for (var name : List.of("transactional.id", "interceptor.classes", "partitioner.class")) {
      assertThatThrownBy(() -> GivenSettings.of(Map.of(name, "mine")).toNaru())
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(name);
    }
  }

  @Test
  void refusesWhatNobodyKnows() {
    var settings =
        Map.<String, Object>of("bootstrap.servers", "localhost:1", "sasl.mechanism", "PLAIN");

    assertThatThrownBy(
            () -> new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("sasl.mechanism")
        .hasCauseInstanceOf(NaruException.class);
  }
}
