package dev.naru.metadata.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.types.CleanupPolicy;
import dev.naru.types.CompactionLimits;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pcollections.TreePMap;

class TopicConfigTest {

  @ParameterizedTest
  @CsvSource({
    "retention.ms, 604800000, 604800000",
    "retention.ms, 7d, 604800000",
    "retention.ms, PT5M, 300000",
    "retention.ms, 90 s, 90000",
    "retention.ms, -1, -1",
    "retention.bytes, 1GiB, 1073741824",
    "retention.bytes, 1.5GiB, 1610612736",
    "retention.bytes, 10 GB, 10000000000",
    "segment.bytes, 16k, 16384",
    "segment.ms, 1ms, 1",
    "max.message.bytes, 1MiB, 1048576",
    "min.insync.replicas, 2, 2",
    "cleanup.policy, delete, delete",
    "min.cleanable.dirty.ratio, 0.50, 0.5",
    "min.cleanable.dirty.ratio, 1e0, 1",
    "min.cleanable.dirty.ratio, 0.0, 0",
    "min.compaction.lag.ms, 1h, 3600000",
    "cleanup.policy, compact, compact",
    "cleanup.policy, 'delete,compact', 'compact,delete'",
    "max.compaction.lag.ms, 1d, 86400000",
    "delete.retention.ms, 0, 0",
    "message.timestamp.before.max.ms, 7d, 604800000",
    "message.timestamp.after.max.ms, 0, 0",
    "message.timestamp.type, LogAppendTime, LogAppendTime",
    "flush, os, os",
    "recovery.mode, strict, strict",
    "recovery.mode, bounded, bounded",
    "recovery.mode, available, available",
    "recovery.wait.ms, 5m, 300000",
    "unclean.leader.election.enable, false, false",
    "unclean.leader.election.enable, true, true",
  })
  void takesValuesAndWritesThemOneWay(String key, String value, String canonical) {
    assertThat(config(key).canonical(value)).contains(canonical);
  }

  @ParameterizedTest
  @CsvSource({
    "retention.ms, 0",
    "retention.ms, -2",
    "retention.ms, 7w",
    "retention.ms, P7Q",
    "retention.ms, ''",
    "retention.ms, 9999999999999999999",
    "retention.ms, 9223372036854775807d",
    "retention.bytes, 1.5B",
    "retention.bytes, 7d",
    "segment.bytes, 1k",
    "segment.bytes, 2147483648",
    "segment.ms, -1",
    "max.message.bytes, 17MiB",
    "min.insync.replicas, 0",
    "min.insync.replicas, 2k",
    "cleanup.policy, shred",
    "cleanup.policy, 'delete,delete'",
    "min.cleanable.dirty.ratio, 1.1",
    "min.cleanable.dirty.ratio, -0.1",
    "min.cleanable.dirty.ratio, NaN",
    "min.cleanable.dirty.ratio, 1e-999999999",
    "max.compaction.lag.ms, 0",
    "message.timestamp.after.max.ms, -1",
    "message.timestamp.type, createtime",
    "flush, never",
    "recovery.mode, sometimes",
    "recovery.wait.ms, -1",
    "unclean.leader.election.enable, yes",
  })
  void refusesValuesOutOfRange(String key, String value) {
    assertThat(config(key).canonical(value)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    // recovery.mode and unclean.leader.election.enable of the topic, of the cluster, in force
    ", , , , STRICT",
    "bounded, , , , BOUNDED",
    ", true, , , AVAILABLE",
    "available, true, , , AVAILABLE",
    "bounded, false, , , BOUNDED",
    ", , available, , AVAILABLE",
    ", , , true, AVAILABLE",
    ", false, available, , STRICT",
    "strict, , , true, STRICT",
    ", true, strict, , AVAILABLE",
  })
  @Tag("S54")
  void takesUncleanElectionForTheModeAvailable(
      String mode,
      String unclean,
      String defaultMode,
      String defaultUnclean,
      RecoveryMode inForce) {
    var defaults = new ClusterDefaults(1, 3, recovery(defaultMode, defaultUnclean));

    assertThat(TopicSettings.of(recovery(mode, unclean), defaults, 3).recoveryMode())
        .isEqualTo(inForce);
  }

  private static TreePMap<String, String> recovery(String mode, String unclean) {
    TreePMap<String, String> configs = TreePMap.empty();
    configs = mode == null ? configs : configs.plus("recovery.mode", mode);
    return unclean == null ? configs : configs.plus("unclean.leader.election.enable", unclean);
  }

  @Test
  void waitsFiveMinutesForASafeReplicaIfItIsToWaitAtAll() {
    assertThat(TopicSettings.of(TreePMap.empty(), ClusterDefaults.BUILT_IN, 3).recoveryWaitMillis())
        .isEqualTo(300_000);
  }

  @Test
  void knowsNoOtherSettings() {
    assertThat(TopicConfig.named("compression.type")).isEmpty();
  }

  @Test
  void writesItsBuiltInValuesInCanonicalForm() {
    for (var config : TopicConfig.values()) {
      if (config != TopicConfig.MIN_INSYNC_REPLICAS) {
        assertThat(config.canonical(config.builtIn())).contains(config.builtIn());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    // own value, cluster default, copies, in force
    ", , 3, 2",
    ", , 2, 1",
    ", , 1, 1",
    ", 3, 5, 3",
    ", 3, 2, 2",
    "1, 3, 3, 1",
  })
  @Tag("S63")
  void capsOnlyTheDefaultOfMinInsync(String own, String byDefault, int copies, int inForce) {
    var defaults = new ClusterDefaults(1, 3, minInsync(byDefault));

    assertThat(TopicSettings.of(minInsync(own), defaults, copies).minInsync()).isEqualTo(inForce);
  }

  @Test
  void takesItsOwnValueBeforeTheClustersBeforeTheBuiltIn() {
    var own = TreePMap.singleton("flush", "quorum");
    var defaults =
        new ClusterDefaults(1, 3, TreePMap.singleton("flush", "os").plus("retention.ms", "1000"));

    var settings = TopicSettings.of(own, defaults, 3);

    assertThat(settings.flush()).isEqualTo(Flush.QUORUM);
    assertThat(settings.retentionMillis()).isEqualTo(1000);
    assertThat(settings.segmentBytes()).isEqualTo(1 << 30);
    assertThat(settings.recoveryMode()).isEqualTo(RecoveryMode.STRICT);
  }

  @Test
  @Tag("S47")
  @Tag("S136")
  @Tag("S137")
  void deletesAfterSevenDaysUnlessItIsToldOtherwise() {
    var settings = TopicSettings.of(TreePMap.empty(), ClusterDefaults.BUILT_IN, 3);

    assertThat(settings.cleanup()).isEqualTo(CleanupPolicy.DELETE);
    assertThat(settings.retentionMillis()).isEqualTo(604_800_000);
    assertThat(settings.retentionBytes()).isEqualTo(-1);
    assertThat(settings.compaction()).isEqualTo(CompactionLimits.DEFAULTS);
    assertThat(settings.timestampBounds())
        .isEqualTo(new TimestampBounds(Long.MAX_VALUE, 3_600_000));
  }

  private static TopicConfig config(String key) {
    return TopicConfig.named(key).orElseThrow();
  }

  private static TreePMap<String, String> minInsync(String value) {
    return Optional.ofNullable(value)
        .map(set -> TreePMap.singleton("min.insync.replicas", set))
        .orElse(TreePMap.empty());
  }
}
