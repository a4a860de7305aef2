package dev.naru.broker.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.ConfigEntry;
import dev.naru.metadata.image.ConfigImage;
import dev.naru.metadata.image.ConfigOrigin;
import dev.naru.metadata.image.DynamicSetting;
import dev.naru.types.NodeId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pcollections.TreePMap;

class LiveConfigTest {

  private static final NodeId SELF = new NodeId(1);

  private final LiveConfig live = new LiveConfig(started(), new TreeMap<>());

  @Test
  void beginsWithWhatTheNodeWasStartedWith() {
    assertThat(live.get()).isEqualTo(live.started());
    live.take(set(Map.of(), Map.of()));
    assertThat(live.get()).isSameAs(live.started());
  }

  /** Also an example of each setting that can be changed while nodes run. */
  @ParameterizedTest
  @CsvSource({
    "connection.inflight.bytes, 1048576",
    "disk.used.ratio.max, 0.5",
    "log.retention.check.interval.ms, 1000",
    "set.aside.retention.ms, 0",
    "log.cleaner.io.max.bytes.per.second, 1048576",
    "log.cleaner.backoff.ms, 100",
    "log.scrub.interval.ms, 0",
    "log.scrub.bytes.per.second, 0",
    "producer.id.expiration.ms, 7200000",
    "offsets.retention.minutes, 5",
  })
  void takesWhatIsSetWhileItRunsAndGivesItBack(String key, String value) {
    live.take(set(Map.of(key, value), Map.of()));

    assertThat(SettingKeys.valueIn(live.get(), key)).contains(value);
    assertThat(SettingKeys.values(live.get()))
        .as("and nothing else")
        .containsAllEntriesOf(without(SettingKeys.values(live.started()), key));
    live.take(set(Map.of(), Map.of()));
    assertThat(live.get()).isEqualTo(live.started());
  }

  private static Map<String, String> without(Map<String, String> values, String key) {
    var others = new TreeMap<>(values);
    others.remove(key);
    return others;
  }

  @Test
  void takesWhatIsSetOfItselfBeforeWhatIsSetOfAll() {
    var all = Map.of("disk.used.ratio.max", "0.5", "offsets.retention.minutes", "5");

    live.take(set(all, Map.of("disk.used.ratio.max", "0.6")));

    assertThat(live.get().limits().diskUsedRatioMax()).isEqualTo(0.6);
    assertThat(live.get().groups().retentionMinutes()).isEqualTo(5);
    live.take(set(all, Map.of()));
    assertThat(live.get().limits().diskUsedRatioMax()).isEqualTo(0.5);
  }

  /** Such as a later release may have set. */
  @Test
  void takesTheRestWhenItCannotTakeAValue() {
    live.take(set(Map.of("disk.used.ratio.max", "0.5"), Map.of()));

    var unknown = Map.of("disk.used.ratio.max", "7", "offsets.retention.minutes", "5");
    live.take(set(unknown, Map.of()));

    assertThat(live.get().limits().diskUsedRatioMax())
        .isEqualTo(live.started().limits().diskUsedRatioMax());
    assertThat(live.get().groups().retentionMinutes()).isEqualTo(5);
    var taken = live.get();
    live.take(set(unknown, Map.of()));
    assertThat(live.get()).as("it is not looked at with every image").isSameAs(taken);
  }

  @Test
  void leavesToTopicsWhatIsTheirs() {
    live.take(set(Map.of("num.partitions", "9"), Map.of()));

    assertThat(live.get()).isEqualTo(live.started());
  }

  /** The metadata log takes a value only if every node can. */
  @Test
  void takesEveryValueThatTheMetadataLogTakes() {
    for (var setting : DynamicSetting.ofNodes()) {
      for (var value : List.of("0", "1", "0.5", "1000", "65536", "3600000", "1125899906842624")) {
        var canonical = setting.canonical(value);
        if (canonical.isPresent()) {
          live.take(set(Map.of(setting.key(), canonical.get()), Map.of()));
          assertThat(SettingKeys.valueIn(live.get(), setting.key()).orElseThrow())
              .as(setting.key())
              .satisfies(text ->
                  assertThat(Double.parseDouble(text))
                      .isEqualTo(Double.parseDouble(canonical.get())));
        }
      }
    }
  }

  private static ConfigImage set(Map<String, String> cluster, Map<String, String> own) {
    return new ConfigImage(
        ClusterDefaults.BUILT_IN,
        entries(cluster),
        own.isEmpty() ? TreePMap.empty() : TreePMap.singleton(SELF, entries(own)));
  }

  private static TreePMap<String, ConfigEntry> entries(Map<String, String> values) {
    TreePMap<String, ConfigEntry> entries = TreePMap.empty();
    for (var value : values.entrySet()) {
      entries =
          entries.plus(
              value.getKey(), new ConfigEntry(value.getValue(), new ConfigOrigin(1, 1, "ann")));
    }
    return entries;
  }

  static NodeConfig started() {
    try {
      return ConfigLayers.merge(
              ConfigFile.parse(
                  """
                  node.id: 1
                  data.dirs: [/tmp/naru/data]
                  metadata.dir: /tmp/naru/metadata
                  quorum.voters: [1@127.0.0.1:9412]
                  """,
                  "f"),
              Map.of(),
              List.of())
          .config();
    } catch (InvalidConfigException e) {
      throw new AssertionError(e);
    }
  }
}
