package dev.naru.client;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.naru.record.Compression;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.Setting;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientPropertiesTest {

  private static ClientProperties read(String... namesAndValues) {
    Map<String, String> properties = new HashMap<>();
    properties.put("bootstrap.servers", "localhost:9410");
    for (int i = 0; i < namesAndValues.length; i += 2) {
      properties.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return ClientProperties.of(properties);
  }

  private static NaruException refusalOf(String... namesAndValues) {
    return catchThrowableOfType(NaruException.class, () -> read(namesAndValues));
  }

  @Test
  @Tag("S85")
  @Tag("S122")
  @Tag("S123")
  @Tag("S124")
  @Tag("S125")
  @Tag("S126")
  @Tag("S127")
  @Tag("S128")
  @Tag("S129")
  @Tag("S130")
  @Tag("S132")
  void hasTheDefaultsThatAreDocumented() {
    var settings = read();

    assertThat(settings.producer().acks()).isEqualTo(Acks.ALL);
    assertThat(settings.producer().bufferMemory()).isEqualTo(33_554_432);
    assertThat(settings.producer().batchSize()).isEqualTo(16_384);
    assertThat(settings.producer().linger()).isZero();
    assertThat(settings.producer().maxBlock()).isEqualTo(ofMinutes(1));
    assertThat(settings.producer().retries()).isEqualTo(2_147_483_647);
    assertThat(settings.producer().deliveryTimeout()).isEqualTo(ofMinutes(2));
    assertThat(settings.producer().compression()).isEqualTo(Compression.NONE);
    assertThat(settings.client().requestTimeout()).isEqualTo(ofSeconds(30));
    assertThat(settings.client().metadataMaxAge()).isEqualTo(ofMinutes(5));
    assertThat(settings.client().metadataMaxIdle()).isEqualTo(ofMinutes(5));
    assertThat(settings.client().connectionInflightBytes()).isEqualTo(32 << 20);
    assertThat(settings.consumer().autoOffsetReset()).isEqualTo(OffsetReset.LATEST);
    assertThat(settings.consumer().fetchMaxBytes()).isEqualTo(50 << 20);
    assertThat(settings.consumer().fetchMaxWait()).isEqualTo(ofMillis(500));
    assertThat(settings.consumer().fetchMinBytes()).isEqualTo(1);
    assertThat(settings.consumer().group().groupId()).isEmpty();
    assertThat(settings.consumer().group().sessionTimeout()).isEqualTo(ofSeconds(45));
    assertThat(settings.consumer().group().heartbeatInterval()).isEqualTo(ofSeconds(3));
  }

  @Test
  void takesEveryNameThatTheRecordsDeclare() {
    var declared = new TreeSet<String>();
    Stream.of(
            ClientConfig.class,
            ProducerConfig.class,
            CompressionLevels.class,
            ConsumerConfig.class,
            GroupConfig.class)
        .flatMap(type -> Stream.of(type.getRecordComponents()))
        .flatMap(component -> Stream.ofNullable(component.getAnnotation(Setting.class)))
        .forEach(setting -> declared.add(setting.key()));

    for (String name : declared) {
      assertThat(refusalOf(name, "\u0001"))
          .as(name)
          .hasMessageStartingWith("Expected " + name + " to be");
    }
  }

  @Test
  @Tag("S121")
  void readsAddresses() {
    var settings = read("bootstrap.servers", "n1.example:9410, [::1]:9420,");

    assertThat(settings.client().bootstrapServers())
        .containsExactly(new HostPort("n1.example", 9410), new HostPort("::1", 9420));
  }

  @Test
  void readsDurationsAndSizesAsPeopleWriteThem() {
    var settings =
        read(
            "linger.ms", "5ms",
            "max.block.ms", "PT2S",
            "retry.backoff.ms", "30",
            "buffer.memory", "64MiB",
            "batch.size", "256KiB",
            "acks", "-1");

    assertThat(settings.producer().linger()).isEqualTo(ofMillis(5));
    assertThat(settings.producer().maxBlock()).isEqualTo(ofSeconds(2));
    assertThat(settings.client().retryBackoff()).isEqualTo(ofMillis(30));
    assertThat(settings.producer().bufferMemory()).isEqualTo(64 << 20);
    assertThat(settings.producer().batchSize()).isEqualTo(256 << 10);
    assertThat(settings.producer().acks()).isEqualTo(Acks.ALL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bootstrap.servers      | n1     | host:port pairs separated by commas, but was n1
          acks                   | 7      | 0, 1 or all, but was 7
          buffer.memory          | 0      | at least 1, but was 0
          batch.size             | -1     | 0 to 33554432 (buffer.memory), but was -1
          batch.size             | 33554433 | 0 to 33554432 (buffer.memory), but was 33554433
          linger.ms              | -1     | 0 to 2147483647, but was -1
          max.block.ms           | -5     | at least 0, but was -5
          retries                | -1     | at least 0, but was -1
          retries                | many   | a number up to 2147483647, but was many
          delivery.timeout.ms    | 1000   | at least linger.ms + request.timeout.ms (0 + 30000), but was 1000
          metadata.max.age.ms    | -1     | at least 0, but was -1
          metadata.max.idle.ms   | 10     | at least 5000, but was 10
          compression.type       | rar    | none, gzip, snappy, lz4 or zstd, but was rar
          auto.offset.reset      | middle | earliest, latest or none, but was middle
          fetch.max.bytes        | 3GiB   | at most 2147483647, but was 3221225472
          linger.ms              | soon   | a duration such as 500 or 5s, but was soon
          buffer.memory          | 1.5    | a size such as 65536 or 64KiB, but was 1.5
          enable.idempotence     | yes    | true or false, but was yes
          max.request.size       | 0      | 1 to 16777216, but was 0
          max.request.size       | 17MiB  | 1 to 16777216, but was 17825792
          compression.gzip.level | 0      | 1 to 9, or -1, but was 0
          compression.lz4.level  | 18     | 1 to 17, but was 18
          compression.zstd.level | 23     | -131072 to 22, but was 23
          compression.zstd.level | 5      | left out, because compression.type is none, but was 5
          key.hot.report         | all    | off, hashed or plain, but was all
          partitioner.ignore.keys | 1     | true or false, but was 1
          isolation.level        | none   | read_uncommitted or read_committed, but was none
          default.api.timeout.ms | 0      | 1 to 2147483647, but was 0
          group.protocol         | any    | native or classic, but was any
          partition.assignment.strategy | range,range | at least one of range, roundrobin and sticky, none twice, but was [RANGE, RANGE]
          partition.assignment.strategy | range,fair | at least one of range, roundrobin and sticky, none twice, but was range,fair
          session.timeout.ms     | 5999   | 6000 to 1800000, but was 5999
          session.timeout.ms     | 31m    | 6000 to 1800000, but was 1860000
          session.timeout.ms     | 8999   | at least 3 times heartbeat.interval.ms (3000), but was 8999
          heartbeat.interval.ms  | 0      | 1 to 2147483647, but was 0
          max.poll.interval.ms   | 0      | 1 to 2147483647, but was 0
          auto.commit.interval.ms | -1    | 0 to 2147483647, but was -1
          enable.auto.commit     | no     | true or false, but was no
          security.protocol      | SSL    | PLAINTEXT, because TLS is not part of this release yet, but was SSL
          """)
  @Tag("S121")
  @Tag("S122")
  @Tag("S123")
  @Tag("S124")
  @Tag("S125")
  @Tag("S126")
  @Tag("S127")
  @Tag("S128")
  @Tag("S129")
  @Tag("S130")
  void refusesValuesOutsideTheirBounds(String name, String value, String message) {
    var refused = refusalOf(name, value);

    assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_CONFIG);
    assertThat(refused.isRetriable()).isFalse();
    assertThat(refused).hasMessage("Expected " + name + " to be " + message);
  }

  @Test
  @Tag("S132")
  void refusesWhatNoGroupCanBeCalledWithItsOwnCode() {
    for (String id : List.of("", "a\tb", "\u00e9".repeat(125))) {
      var refused = refusalOf("group.id", id);

      assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_GROUP_ID);
      assertThat(refused)
          .hasMessage(
              "Expected group.id to be 1 to 249 bytes of UTF-8 without control characters, but was "
                  + id);
    }
  }

  @Test
  void takesALevelOfTheCodecInUse() {
    var settings = read("compression.type", "gzip", "compression.gzip.level", "5");

    assertThat(settings.producer().compressionLevel()).isEqualTo(5);
    assertThat(refusalOf("compression.type", "gzip", "compression.lz4.level", "5"))
        .hasMessageContaining("left out, because compression.type is gzip");
  }

  @Test
  void takesWhatSaysTheDefault() {
    var settings =
        read(
            "group.protocol", "consumer",
            "session.timeout.ms", "45000",
            "enable.auto.commit", "true",
            "isolation.level", "read_committed",
            "max.request.size", "1MiB",
            "enable.idempotence", "false");

    assertThat(settings.consumer().group()).isEqualTo(GroupConfig.DEFAULTS);
    assertThat(settings.consumer().isolation()).isEqualTo(IsolationLevel.READ_COMMITTED);
    assertThat(settings.producer().idempotence()).contains(false);
  }

  @Test
  void takesTheSettingsOfAGroup() {
    var consumer =
        read(
                "group.id", "billing",
                "group.instance.id", "billing-1",
                "group.remote.assignor", "range",
                "group.protocol", "classic",
                "partition.assignment.strategy", "sticky,range",
                "session.timeout.ms", "10s",
                "heartbeat.interval.ms", "1s",
                "max.poll.interval.ms", "1m",
                "enable.auto.commit", "false",
                "auto.commit.interval.ms", "1s",
                "client.rack", "a",
                "check.crcs", "false",
                "default.api.timeout.ms", "5s")
            .consumer();

    assertThat(consumer.group())
        .isEqualTo(
            new GroupConfig(
                Optional.of("billing"),
                GroupProtocol.CLASSIC,
                Optional.of("billing-1"),
                Optional.of("range"),
                List.of(AssignmentStrategy.STICKY, AssignmentStrategy.RANGE),
                ofSeconds(10),
                ofSeconds(1),
                ofMinutes(1),
                false,
                ofSeconds(1)));
    assertThat(consumer.rack()).contains("a");
    assertThat(consumer.checksCrcs()).isFalse();
    assertThat(consumer.apiTimeout()).isEqualTo(ofSeconds(5));
  }

  @Test
  void refusesAnUnknownNameAndGuessesWhatWasMeant() {
    assertThat(refusalOf("linger.mss", "5"))
        .hasMessage("Expected a known setting, but was linger.mss; did you mean linger.ms?");
    assertThat(refusalOf("key.serializer", "x"))
        .hasMessage("Expected a known setting, but was key.serializer");
  }

  @Test
  void needsAnAddress() {
    var refused =
        catchThrowableOfType(
            NaruException.class, () -> NaruClient.fromProperties(new Properties()));

    assertThat(refused)
        .hasMessage(
            "Expected bootstrap.servers to be host:port pairs separated by commas, but was empty");
  }

  @Test
  void sendsInClearOverANetworkOnlyWhenThatIsWrittenOut() {
    var builder = NaruClient.builder().bootstrapServers("localhost:9410,n1.example:9410");

    assertThat(catchThrowableOfType(NaruException.class, builder::build))
        .hasMessageContaining("n1.example:9410, which is not loopback");
    builder.plaintext().build().close();
  }

  @Test
  void checksABuilderToo() {
    try (var naru = NaruClient.builder().bootstrapServers("localhost:1").build()) {
      var builder = naru.producer(Codec.utf8(), Codec.utf8()).deliveryTimeout(ofSeconds(1));

      assertThat(catchThrowableOfType(NaruException.class, builder::build))
          .hasMessageContaining("linger.ms + request.timeout.ms");
    }
  }
}
