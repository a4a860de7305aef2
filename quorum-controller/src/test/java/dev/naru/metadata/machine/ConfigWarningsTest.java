package dev.naru.metadata.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.AlterConfigs;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.InitializeCluster;
import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.Durability;
import dev.naru.types.NodeId;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

class ConfigWarningsTest {

  private final TestCluster cluster = TestCluster.of(3);

  @ParameterizedTest
  @CsvSource({"durability, fast", "flush, os"})
  void saysWhichTopicsWouldWaitForNoDiskForGood(String key, String value) {
    cluster.topic("says", 3, Map.of("flush", "quorum"));
    cluster.topic("has", 3, Map.of("flush", "os"));
    for (int i = 0; i < 5; i++) {
      cluster.topic("t" + i, 3, Map.of());
    }
    var before = cluster.image();

    cluster.accept(set(key, value));

    assertThat(ConfigWarnings.ofChange(before, cluster.image()))
        .singleElement()
        .satisfies(warning -> {
          assertThat(warning.code()).isEqualTo("FLUSH_CANNOT_RETURN");
          assertThat(warning.message()).contains("for good for t0, t1, t2 and 2 more:");
        });
    assertThat(ConfigWarnings.ofChange(cluster.image(), cluster.image())).isEmpty();
  }

  @Test
  void saysNothingOfTopicsThatAreNewOrGone() {
    var before = cluster.image();
    cluster.accept(set("durability", "fast"));
    cluster.topic("t", 3, Map.of());

    assertThat(ConfigWarnings.ofChange(before, cluster.image())).isEmpty();
    assertThat(ConfigWarnings.ofChange(cluster.image(), before)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // preset, what is set by itself, what of that hides the preset
        "fast|flush=quorum recovery.mode=strict min.insync.replicas=2|min.insync.replicas=2, flush=quorum, recovery.mode=strict",
        "fast|flush=os|",
        "strict|flush=quorum retention.ms=1|",
        "balanced|unclean.leader.election.enable=false|unclean.leader.election.enable=false",
        "strict|unclean.leader.election.enable=false|",
        "balanced|recovery.mode=available unclean.leader.election.enable=true|recovery.mode=available",
        "|flush=os|",
      })
  void saysWhatHidesAPreset(String preset, String set, String winners) {
    TreePMap<String, String> given = TreePMap.empty();
    for (var each : set.split(" ", -1)) {
      given = given.plus(each.replaceAll("=.*", ""), each.replaceAll(".*=", ""));
    }

    var warnings = ConfigWarnings.ofCluster(initialized(given, preset));

    if (winners == null) {
      assertThat(warnings).isEmpty();
    } else {
      assertThat(warnings)
          .singleElement()
          .satisfies(warning -> {
            assertThat(warning.key()).isEqualTo("durability");
            assertThat(warning.message())
                .startsWith(
                    "durability=%s does not decide what is set by itself: %s; unset it"
                        .formatted(preset, winners));
          });
    }
  }

  @Test
  void asksWhetherADiskIsMeantToBeSoEmpty() {
    cluster.accept(set("disk.used.ratio.max", "0.09"));

    assertThat(ConfigWarnings.ofCluster(cluster.image()))
        .containsExactly(
            new ConfigWarning(
                "disk.used.ratio.max",
                "SMALL_RATIO",
                "disk.used.ratio.max=0.09: a data directory that is fuller takes no new records"));
    assertThat(ConfigWarnings.ofNode(cluster.image(), new NodeId(1))).isEmpty();
    cluster.accept(set("disk.used.ratio.max", "0.9"));
    assertThat(ConfigWarnings.ofCluster(cluster.image())).isEmpty();
  }

  private static ClusterImage initialized(TreePMap<String, String> given, String preset) {
    var defaults =
        new ClusterDefaults(1, 3, given, Optional.ofNullable(preset).flatMap(Durability::named));
    return MetadataMachine.apply(
            ClusterImage.empty(TestCluster.CLUSTER_ID),
            1,
            new CommandEnvelope(
                new NodeId(1),
                CommandEnvelope.UNREGISTERED,
                1,
                1_000,
                new InitializeCluster(TestCluster.CLUSTER_ID, 1, defaults)))
        .image();
  }

  private static AlterConfigs set(String key, String value) {
    return new AlterConfigs(
        Optional.empty(), TreePMap.singleton(key, value), TreePSet.empty(), Optional.empty(), "");
  }
}
