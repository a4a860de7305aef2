package dev.naru.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.admin.ConfigDescription;
import dev.naru.client.admin.ConfigSetting;
import dev.naru.client.admin.ConfigSetting.Source;
import dev.naru.client.admin.ConfigSubject;
import dev.naru.client.admin.TopicWarning;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ConfigDifferenceTest {

  private static final String KEY = "segment.bytes";
  private static final String RATIO = "disk.used.ratio.max";

  @Test
  void tellsAValueThatIsTheSameAndNowTheTopicsOwn() {
    var topic = ConfigSubject.topic("t");

    var change =
        of(
            KEY,
            description(topic, setting(KEY, "1048576", Source.CLUSTER, "")),
            description(topic, setting(KEY, "1048576", Source.TOPIC, "")));

    assertThat(change.isNone()).isFalse();
    assertThat(change.table())
        .containsExactly(
            "SETTING        OLD                NEW", "segment.bytes  1048576 (cluster)  1048576");
  }

  @Test
  void saysWhereANodesValueComesFrom() {
    var node = ConfigSubject.node(1);

    var change =
        of(
            RATIO,
            description(node, setting(RATIO, "0.8", Source.NODE, "")),
            description(node, setting(RATIO, "0.9", Source.FILE, "node.yaml:4")));

    assertThat(change.table().getLast())
        .isEqualTo("disk.used.ratio.max  0.8  0.9 (file: node.yaml:4)");
  }

  @Test
  void doesNotSayThatThereIsNoneWhereNobodyKnows() {
    var node = ConfigSubject.node(1);
    var after =
        new ConfigDescription(
            node, "", List.of(), List.of(new TopicWarning("STARTED_WITH_UNKNOWN", "")), 1);

    var change = of(RATIO, description(node, setting(RATIO, "0.8", Source.NODE, "")), after);

    assertThat(change.table().getLast()).isEqualTo("disk.used.ratio.max  0.8  unknown here");
    assertThat(of(RATIO, description(node), description(node)).table()).isEmpty();
  }

  @Test
  void saysThatNothingChanges() {
    var cluster =
        description(
            ConfigSubject.cluster(), setting("flush", "os", Source.PRESET, "durability=fast"));

    assertThat(of("flush", cluster, cluster).isNone()).isTrue();
  }

  private static ConfigDifference of(
      String key, ConfigDescription before, ConfigDescription after) {
    return new ConfigDifference(new TreeSet<>(List.of(key)), before, after);
  }

  private static ConfigDescription description(ConfigSubject subject, ConfigSetting... settings) {
    return new ConfigDescription(subject, "", List.of(settings), List.of(), 1);
  }

  private static ConfigSetting setting(String key, String value, Source source, String detail) {
    return new ConfigSetting(key, value, source, detail, Optional.empty(), Optional.empty(), 0);
  }
}
