package dev.naru.broker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.naru.metadata.image.TopicConfig;
import dev.naru.types.HostPort;
import dev.naru.types.NodeId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLayersTest {

  private static final String MINIMAL =
      """
      node.id: 1
      data.dirs: [/tmp/naru/data]
      metadata.dir: /tmp/naru/metadata
      quorum.voters: [1@127.0.0.1:9412]
      """;

  @Test
  void readsTheExampleOfTheManualAndFillsInTheRest() throws InvalidConfigException {
    var yaml =
        """
        # node 1; nodes 2 and 3 differ in node.id, node.rack and the advertised names
        cluster.id: 6f0d3c1e-2b0a-4c55-9a77-0c3b3f6f7a10
        node:
          id: 1
          rack: rack-1
        data.dirs: [/var/lib/naru/data]
        metadata.dir: /var/lib/naru/metadata
        quorum.voters: [1@n1.example:9412, 2@n2.example:9412, 3@n3.example:9412]
        listeners:
          client: {bind: "0.0.0.0:9410", advertised: "n1.example:9410", security: plaintext}
          internal: {bind: "0.0.0.0:9411", advertised: "n1.example:9411", security: plaintext}
          raft: {bind: "0.0.0.0:9412", advertised: "n1.example:9412", security: plaintext}
        log.segment.bytes: 512MiB
        node.liveness.timeout.ms: 9s
        """;

    var loaded = load(yaml);

    var config = loaded.config();
    assertThat(config.nodeId()).isEqualTo(new NodeId(1));
    assertThat(config.identity().rack()).contains("rack-1");
    assertThat(config.isVoter()).isTrue();
    assertThat(config.listeners().client().advertised(9410))
        .isEqualTo(new HostPort("n1.example", 9410));
    assertThat(config.listeners().http().bind()).isEqualTo(new HostPort("127.0.0.1", 9480));
    assertThat(config.topics().clusterDefaults().topicConfigs())
        .containsExactly(Map.entry("segment.bytes", Integer.toString(512 << 20)));
    assertThat(config.liveness().livenessTimeout()).isEqualTo(Duration.ofSeconds(9));
    assertThat(config.liveness().heartbeatInterval()).isEqualTo(Duration.ofSeconds(1));
    assertThat(loaded.warnings())
        .hasSize(3)
        .first()
        .asString()
        .startsWith("listeners.client is plaintext on 0.0.0.0:9410");
  }

  @Test
  void takesTheLaterOfFileVariableAndFlag() throws InvalidConfigException {
    var variables = Map.of("NARU_NUM_PARTITIONS", "5", "NARU_NODE_RACK", "b", "PATH", "/bin");

    var loaded =
        ConfigLayers.merge(
            ConfigFile.parse(MINIMAL + "num.partitions: 4\nnode.rack: a\n", "f"),
            variables,
            List.of("num.partitions=6", "quorum.voters=1@a:9412,2@b:1,3@c:1"));

    assertThat(loaded.config().topics().partitions()).isEqualTo(6);
    assertThat(loaded.config().identity().rack()).contains("b");
    assertThat(loaded.config().quorum().voters()).hasSize(3);
    assertThat(loaded.warnings()).isEmpty();
  }

  @Test
  @Tag("S138")
  void looksAtRetentionEveryFiveMinutes() throws InvalidConfigException {
    var retention = load(MINIMAL).config().retention();

    assertThat(retention.checkInterval()).isEqualTo(Duration.ofMinutes(5));
    assertThat(retention.setAside()).isEqualTo(Duration.ofDays(14));
  }

  @Test
  @Tag("S135")
  void readsWhenSegmentsAreClosedDeletedAndCompacted() throws InvalidConfigException {
    var yaml =
        MINIMAL
            + """
            log:
              roll: {hours: 2}
              retention: {check.interval.ms: 1s, ms: 1d, bytes: 1GiB}
              cleaner:
                threads: 2
                dedupe.buffer.size: 64MiB
                io.max.bytes.per.second: 10MiB
                backoff.ms: 2s
            set.aside.retention.ms: 1d
            """;

    var config = load(yaml).config();

    assertThat(config.topics().clusterDefaults().topicConfigs())
        .containsOnly(
            Map.entry("segment.ms", "7200000"),
            Map.entry("retention.ms", "86400000"),
            Map.entry("retention.bytes", "1073741824"));
    assertThat(config.retention())
        .isEqualTo(new RetentionConfig(Duration.ofSeconds(1), Duration.ofDays(1)));
    assertThat(config.cleaner())
        .isEqualTo(new CleanerConfig(2, 64 << 20, Optional.of(10L << 20), Duration.ofSeconds(2)));
  }

  /** A topic that says nothing else has the default of the cluster, and that is built in. */
  @Test
  @Tag("S133")
  void closesSegmentsAtAGibibyteOrAtAnySizeThatANodeCanHold() throws InvalidConfigException {
    assertThat(TopicConfig.SEGMENT_BYTES.builtIn()).isEqualTo("1073741824");
    assertThat(load(MINIMAL).config().topics().clusterDefaults().topicConfigs()).isEmpty();
    for (var size : List.of("16384", "2147483647")) {
      assertThat(
              load(MINIMAL + "log.segment.bytes: " + size + "\n")
                  .config()
                  .topics()
                  .clusterDefaults()
                  .topicConfigs())
          .containsExactly(Map.entry("segment.bytes", size));
    }
    for (var size : List.of("16383", "2147483648", "1k")) {
      assertThat(
              catchThrowableOfType(
                  InvalidConfigException.class,
                  () -> load(MINIMAL + "log.segment.bytes: " + size + "\n")))
          .hasMessage(
              "Expected log.segment.bytes to be 16384 to 2147483647, but was "
                  + size
                  + " (line 5)");
    }
  }

  @Test
  @Tag("S134")
  void takesTheRollInMillisecondsBeforeThatInHours() throws InvalidConfigException {
    var config = load(MINIMAL + "log.roll.hours: 2\nlog.roll.ms: 5s\n").config();

    assertThat(config.topics().clusterDefaults().topicConfigs())
        .containsOnly(Map.entry("segment.ms", "5000"));
  }

  @Test
  void warnsOfAnUnknownVariableBecausePlatformsSetSome() throws InvalidConfigException {
    var loaded =
        ConfigLayers.merge(
            ConfigFile.parse(MINIMAL, "f"),
            Map.of("NARU_NODE_IDD", "7", "NARU_BOOTSTRAP_SERVERS", "x"),
            List.of());

    assertThat(loaded.warnings())
        .containsExactly(
            "Expected a known setting, but was the variable NARU_NODE_IDD; did you mean node.id?");
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          log.segment.byte: 1GiB      | Expected a known setting, but was log.segment.byte (line 5); did you mean log.segment.bytes?
          log: {segment: {byte: 1}}   | Expected a known setting, but was log.segment.byte (line 5); did you mean log.segment.bytes?
          colour: blue                | Expected a known setting, but was colour (line 5)
          node: {id: 2}               | Expected node.id once, but it is given twice (line 1, line 5)
          node.id: 1                  | Expected node.id once, but it is given twice (line 1, line 5)
          num.partitions: NaN         | Expected num.partitions to be a whole number of at most 2147483647, but was NaN (line 5)
          num.partitions: 99999999999 | Expected num.partitions to be a whole number of at most 2147483647, but was 99999999999 (line 5)
          num.partitions: 0           | Expected num.partitions to be 1 to 10000, but was 0 (line 5)
          num.partitions: [1, 2]      | Expected num.partitions to be one value, but was a list of 2 (line 5)
          num.partitions:             | Expected num.partitions to have a value (line 5)
          log.segment.bytes: 1KiB     | Expected log.segment.bytes to be 16384 to 2147483647, but was 1KiB (line 5)
          log.segment.bytes: 1 QiB    | Expected log.segment.bytes to be 16384 to 2147483647, but was 1 QiB (line 5)
          log.roll.hours: 0           | Expected log.roll.hours to be 1 to 2147483647, but was 0 (line 5)
          log.retention.check.interval.ms: 0 | Expected log.retention.check.interval.ms to be 1 to 3155760000000, but was 0 (line 5)
          log.cleaner.backoff.ms: 0 | Expected log.cleaner.backoff.ms to be 1 to 3155760000000, but was 0 (line 5)
          log.cleaner.dedupe.buffer.size: 1KiB | Expected log.cleaner.dedupe.buffer.size to be at least 1048576 a thread, but was 1024 for 1 (line 5)
          log.cleaner.io.max.bytes.per.second: 0 | Expected log.cleaner.io.max.bytes.per.second to be 1 to 1125899906842624, but was 0 (line 5)
          node.liveness.timeout.ms: 1 fortnight | Expected node.liveness.timeout.ms to be a duration such as 500ms, 7d or PT5M, but was 1 fortnight (line 5)
          node.liveness.timeout.ms: 1s | Expected 10 <= node.heartbeat.interval.ms <= node.liveness.timeout.ms / 2, but was 1000 and 1000 (line 5)
          flush: sometimes            | Expected flush to be quorum or os, but was sometimes (line 5)
          recovery.mode: sometimes    | Expected recovery.mode to be strict or bounded or available, but was sometimes (line 5)
          recovery.wait.ms: soon      | Expected recovery.wait.ms to be at least 0, but was soon (line 5)
          connection.inflight.bytes: 1QiB | Expected connection.inflight.bytes to be 65536 to 1125899906842624, but was 1QiB (line 5)
          connection.inflight.bytes: 2PiB | Expected connection.inflight.bytes to be 65536 to 1125899906842624, but was 2PiB (line 5)
          connection.inflight.bytes: 1.5MiB | ''
          connection.inflight.bytes: 64m | ''
          disk.used.ratio.max: NaN    | Expected disk.used.ratio.max to be above 0 and at most 1, but was NaN (line 5)
          disk.used.ratio.max: 1.5    | Expected disk.used.ratio.max to be above 0 and at most 1, but was 1.5 (line 5)
          cluster.id: orders          | Expected cluster.id to be a UUID, but was orders (line 5)
          listeners.client.bind: n1   | listeners.client.bind: Expected host:port, but was n1 (line 5)
          listeners.client.bind: "10.0.0.1:9410" | Expected listeners.client.security to be written out, because 10.0.0.1:9410 is not loopback, but it is absent (line 5)
          listeners.client.security: tls | Expected listeners.client.security to be plaintext, but was tls, which is not available in this release (line 5)
          listeners.internal.security: mtls | Expected listeners.internal.security to be plaintext, but was mtls, which is not available in this release (line 5)
          listeners.client: {bind: "0.0.0.0:1", security: plaintext} | Expected listeners.client.advertised to be set, because 0.0.0.0:1 is every address, but it is absent (line 5)
          listeners.client.bind: "127.0.0.1:9411" | Expected a port for each listener, but listeners.client and listeners.internal are both on 9411 (line 5)
          listeners.raft.bind: "127.0.0.1:9999" | Expected listeners.raft to be on port 9412, as quorum.voters says of node 1, but was 127.0.0.1:9999 (line 4, line 5)
          min.insync.replicas: 4      | Expected min.insync.replicas to be at most default.replication.factor 3, but was 4 (line 5)
          producer.id.expiration.ms: 59m | Expected producer.id.expiration.ms to be 3600000 to 3155760000000, but was 59m (line 5)
          producer.id.expiration.ms: 2h | ''
          producer.id.expiration.ms: 24h | ''
          offsets.topic.num.partitions: 0 | Expected offsets.topic.num.partitions to be 1 to 10000, but was 0 (line 5)
          offsets.topic.num.partitions: 10 | ''
          offsets.retention.minutes: 0 | Expected offsets.retention.minutes to be 1 to 2147483647, but was 0 (line 5)
          group.min.session.timeout.ms: 31m | Expected 1 <= group.min.session.timeout.ms <= group.max.session.timeout.ms, but was 1860000 and 1800000 (line 5)
          group.leave.delay.ms: 1h    | Expected group.leave.delay.ms to be 0 to 1800000, but was 3600000 (line 5)
          group.leave.delay.ms: 1s    | ''
          node: &a {rack: r}          | ''
          """)
  void refusesWithTheLineAndWhatWouldBeRight(String line, String message)
      throws InvalidConfigException {
    if (message.isEmpty()) {
      load(MINIMAL + line);
      return;
    }

    var refused =
        catchThrowableOfType(InvalidConfigException.class, () -> load(MINIMAL + line + "\n"));

    assertThat(refused).hasMessage(message);
  }

  @ParameterizedTest
  @Tag("S5")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          quorum.voters=1@a:1,2@b:2   | Expected quorum.voters to name 1, 3 or 5 nodes, but was [1@a:1, 2@b:2] (--set)
          quorum.voters=1@a:1,2@b:2,3@c:3,4@d:4 | Expected quorum.voters to name 1, 3 or 5 nodes, but was [1@a:1, 2@b:2, 3@c:3, 4@d:4] (--set)
          quorum.voters=1@a:1,2@b:2,3@c:3,4@d:4,5@e:5,6@f:6,7@g:7 | Expected quorum.voters to name 1, 3 or 5 nodes, but was [1@a:1, 2@b:2, 3@c:3, 4@d:4, 5@e:5, 6@f:6, 7@g:7] (--set)
          quorum.voters=              | Expected quorum.voters to name 1, 3 or 5 nodes, but was [] (--set)
          quorum.voters=1@a:9412,1@b:2,3@c:3 | Expected quorum.voters to have different ids and addresses, but was [1@a:9412, 1@b:2, 3@c:3] (--set)
          quorum.voters=n1:9412       | quorum.voters: Expected id@host:port, but was n1:9412 (--set)
          data.dirs=/a,/a             | Expected data.dirs to differ, but was [/a, /a] (--set)
          data.dirs=                  | Expected data.dirs to name a directory, but it is empty (--set)
          metadata.dir=/tmp/naru/data/m | Expected metadata.dir to lie outside data.dirs, but was /tmp/naru/data/m beside /tmp/naru/data (line 2, --set)
          node.id=-1                  | Expected node.id to be a whole number of at most 2147483647, but was -1 (--set)
          node.idd=1                  | Expected a known setting, but was node.idd (--set); did you mean node.id?
          node.id                     | Expected --set key=value, but was node.id
          """)
  void refusesFlagsLikeTheFile(String flag, String message) {
    var refused =
        catchThrowableOfType(
            InvalidConfigException.class,
            () -> ConfigLayers.merge(ConfigFile.parse(MINIMAL, "f"), Map.of(), List.of(flag)));

    assertThat(refused).hasMessage(message);
  }

  @Test
  void namesEveryProblemAtOnce() {
    var refused =
        catchThrowableOfType(
            InvalidConfigException.class, () -> load("node.id: x\ncolour: blue\nmetadata.dir: /m"));

    assertThat(refused.problems())
        .extracting(ConfigProblem::toString)
        .containsExactlyInAnyOrder(
            "Expected a known setting, but was colour (line 2)",
            "Expected node.id to be a whole number of at most 2147483647, but was x (line 1)",
            "Expected data.dirs to be set, but it is absent",
            "Expected quorum.voters to be set, but it is absent");
  }

  @Test
  void goesOnLookingAfterARecordHasRefusedOneValue() {
    var yaml =
        MINIMAL
            + """
            log.cleaner.threads: 0
            log.cleaner.backoff.ms: 0
            node.id: 2
            node.liveness.timeout.ms: 1 fortnight
            node.heartbeat.interval.ms: 1
            listeners.client.bind: n1
            listeners.internal.bind: 10.0.0.1:9411
            colour: blue
            """;

    var refused = catchThrowableOfType(InvalidConfigException.class, () -> load(yaml));

    assertThat(refused.problems())
        .extracting(ConfigProblem::toString)
        .containsExactly(
            "Expected node.id once, but it is given twice (line 1, line 7)",
            "Expected log.cleaner.threads to be 1 to 64, but was 0 (line 5)",
            "Expected log.cleaner.backoff.ms to be 1 to 3155760000000, but was 0 (line 6)",
            "Expected node.liveness.timeout.ms to be a duration such as 500ms, 7d or PT5M, but was"
                + " 1 fortnight (line 8)",
            "Expected 10 <= node.heartbeat.interval.ms <= node.liveness.timeout.ms / 2, but was 1"
                + " and 6000 (line 9)",
            "listeners.client.bind: Expected host:port, but was n1 (line 10)",
            "Expected listeners.internal.security to be written out, because 10.0.0.1:9411 is not"
                + " loopback, but it is absent (line 11)",
            "Expected a known setting, but was colour (line 12)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a: [1, 2      | Expected f to be YAML, but
          a: &x 1\\nb: *x | Expected b to be written out, but it is an alias
          a: &x [*x]    | Expected a to list plain values
          {{}: 1}       | Expected f to be YAML, but
          """)
  void refusesWhatIsNotPlainYaml(String yaml, String message) {
    var refused =
        catchThrowableOfType(InvalidConfigException.class, () -> load(yaml.replace("\\n", "\n")));

    assertThat(refused).hasMessageStartingWith(message);
  }

  @Test
  void refusesFilesThatAreAbsentTooLargeOrNotText(@TempDir Path dir) throws Exception {
    var binary = Files.write(dir.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
    var large = Files.write(dir.resolve("large"), new byte[(1 << 20) + 1]);

    assertThat(refusalOf(dir.resolve("absent"))).startsWith("Expected a file at");
    assertThat(refusalOf(binary)).endsWith("to be UTF-8, but it is not");
    assertThat(refusalOf(large)).contains("to have at most 1048576 bytes, but it has 1048577");
    assertThat(refusalOf(Files.write(dir.resolve("list"), "- 1".getBytes(StandardCharsets.UTF_8))))
        .startsWith("Expected a known setting");
  }

  private static String refusalOf(Path file) {
    return catchThrowableOfType(
            InvalidConfigException.class,
            () -> ConfigLayers.load(Optional.of(file), Map.of(), List.of()))
        .problems()
        .getFirst()
        .toString();
  }

  private static ConfigLayers.Loaded load(String yaml) throws InvalidConfigException {
    return ConfigLayers.merge(ConfigFile.parse(yaml, "f"), Map.of(), List.of());
  }
}
