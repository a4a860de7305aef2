package dev.naru.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.FieldMask;
import dev.naru.broker.config.ConfigLayers;
import dev.naru.broker.config.InvalidConfigException;
import dev.naru.broker.config.LiveConfig;
import dev.naru.broker.replica.LedCluster;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.FinalizeMetadataVersion;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.log.Applied;
import dev.naru.metadata.log.QuorumView;
import dev.naru.metadata.machine.MetadataMachine;
import dev.naru.proto.admin.v1.Config;
import dev.naru.proto.admin.v1.ConfigExplanation;
import dev.naru.proto.admin.v1.ConfigSetting;
import dev.naru.proto.admin.v1.ConfigSource;
import dev.naru.proto.admin.v1.ExplainConfigRequest;
import dev.naru.proto.admin.v1.FinalizeUpgradeRequest;
import dev.naru.proto.admin.v1.GetConfigRequest;
import dev.naru.proto.admin.v1.UpdateConfigRequest;
import dev.naru.proto.admin.v1.Warning;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Three nodes, of which this is the first, and the topic t. */
class ConfigDeskTest {

  private static final NodeId SELF = new NodeId(1);
  private static final QuorumView QUORUM =
      new QuorumView(QuorumView.Role.VOTER, 1, Optional.empty(), List.of(), List.of(), 1);

  private final List<MetadataCommand> made = new ArrayList<>();
  private final LiveConfig own = own();
  private Applied applied = new Applied(1, LedCluster.of(3, 1, 3));
  private final ConfigDesk desk =
      new ConfigDesk(
          SELF, this::snapshot, this::make, new ConfigViews(SELF, own), () -> "ann@10.0.0.7");
  private final UpgradeDesk upgrades =
      new UpgradeDesk(SELF, this::snapshot, this::make, () -> "ann@10.0.0.7");

  @Test
  void explainsWhoSetWhatWhenAndWhatItHides() {
    update("topics/t/config", Map.of("retention.ms", "1d"));
    update("cluster/config", Map.of("log.retention.ms", "2d"));

    var told = explain("topics/t/config", "retention.ms");

    assertThat(told.getValue()).isEqualTo("86400000");
    assertThat(told.getDoc()).startsWith("Age at which");
    assertThat(told.getTakes()).isEqualTo("-1 or at least 1");
    assertThat(told.getTakesEffect()).isEqualTo("at once");
    assertThat(told.getNeedsRestart()).isFalse();
    assertThat(told.getLayersList())
        .extracting(ConfigSetting::getSource, ConfigSetting::getValue)
        .containsExactly(
            tuple(ConfigSource.CONFIG_SOURCE_TOPIC, "86400000"),
            tuple(ConfigSource.CONFIG_SOURCE_CLUSTER, "172800000"),
            tuple(ConfigSource.CONFIG_SOURCE_DEFAULT, "604800000"));
    assertThat(told.getLayers(0).getPrincipal()).isEqualTo("ann@10.0.0.7");
    assertThat(told.getLayers(0).getChangeIndex()).isEqualTo(2);
    assertThat(told.getLayers(0).getChangeTime().getSeconds()).isEqualTo(1_000);
  }

  @Test
  void explainsWhatThisNodeWasStartedWith() {
    var told = explain("nodes/1/config", "offsets.retention.minutes");

    assertThat(told.getLayersList())
        .extracting(ConfigSetting::getSource, ConfigSetting::getValue, ConfigSetting::getDetail)
        .as("also what the winner hides")
        .containsExactly(
            tuple(ConfigSource.CONFIG_SOURCE_FLAG, "7", "--set"),
            tuple(ConfigSource.CONFIG_SOURCE_VARIABLE, "8", "NARU_OFFSETS_RETENTION_MINUTES"),
            tuple(ConfigSource.CONFIG_SOURCE_DEFAULT, "10080", ""));
    assertThat(told.getValue()).isEqualTo("7");
    assertThat(told.getTakesEffect()).startsWith("at the next look");
    var fixed = explain("nodes/1/config", "node.rack");
    assertThat(fixed.getValue()).isEqualTo("r1");
    assertThat(fixed.getNeedsRestart()).isTrue();
    assertThat(fixed.getTakesEffect()).contains("restart of the node");
  }

  @Test
  void saysThatItDoesNotKnowWhatOthersWereStartedWith() {
    update("nodes/2/config", Map.of("disk.used.ratio.max", "0.90"));

    var config = get("nodes/2/config");

    assertThat(config.getSettingsList())
        .extracting(ConfigSetting::getKey, ConfigSetting::getValue)
        .containsExactly(tuple("disk.used.ratio.max", "0.9"));
    assertThat(config.getWarningsList())
        .extracting(Warning::getCode)
        .containsExactly("STARTED_WITH_UNKNOWN");
    assertThat(get("nodes/1/config").getWarningsList()).isEmpty();
  }

  @Test
  void showsAllOfATopicAndOfTheCluster() {
    assertThat(get("topics/t/config").getSettingsList()).hasSize(18);
    assertThat(get("cluster/config").getSettingsList())
        .extracting(ConfigSetting::getKey)
        .contains("metadata.version", "num.partitions", "durability", "log.retention.ms")
        .doesNotContain("disk.used.ratio.max");
    update("cluster/config", Map.of("disk.used.ratio.max", "0.9"));
    assertThat(get("cluster/config").getSettingsList())
        .extracting(ConfigSetting::getKey)
        .contains("disk.used.ratio.max");
  }

  @Test
  void setsAndUnsetsWhatTheMaskNames() {
    update("cluster/config", Map.of("flush", "os", "num.partitions", "3"));

    var config = desk.update(request("cluster/config", Map.of(), List.of("num.partitions")));

    assertThat(applied.image().configs().cluster().keySet()).containsExactly("flush");
    assertThat(value(config, "num.partitions")).isEqualTo("1");
    assertThat(value(config, "flush")).isEqualTo("os");
  }

  @Test
  void onlyShowsWhatWouldBe() {
    var request =
        request("cluster/config", Map.of("num.partitions", "3"), List.of("num.partitions"));

    var config = desk.update(request.toBuilder().setValidateOnly(true).build());

    assertThat(value(config, "num.partitions")).isEqualTo("3");
    assertThat(config.getSettingsList())
        .as("nobody has set it yet")
        .noneMatch(setting -> setting.hasChangeTime() || setting.getChangeIndex() > 0);
    assertThat(made).isEmpty();
  }

  @Test
  void warnsOfWhatCannotBeTakenBackBeforeItIsDone() {
    var request = request("cluster/config", Map.of("durability", "fast"), List.of("durability"));

    var dry = desk.update(request.toBuilder().setValidateOnly(true).build());
    var done = desk.update(request);

    assertThat(dry.getWarningsList())
        .extracting(Warning::getCode)
        .containsExactly("FLUSH_CANNOT_RETURN");
    assertThat(dry.getWarnings(0).getMessage()).contains("for good for t:");
    assertThat(done.getWarningsList()).isEqualTo(dry.getWarningsList());
    assertThat(get("cluster/config").getWarningsList()).isEmpty();
  }

  @Test
  void saysThatAPresetIsHidden() {
    update("cluster/config", Map.of("durability", "balanced", "recovery.mode", "strict"));

    assertThat(get("cluster/config").getWarningsList())
        .extracting(Warning::getCode)
        .containsExactly("HIDDEN");
    assertThat(explain("cluster/config", "durability").getWarnings(0).getMessage())
        .contains("recovery.mode=strict");
    assertThat(explain("cluster/config", "flush").getWarningsList()).isEmpty();
  }

  @Test
  void changesOnlyWhatTheCallerHasSeen() {
    var etag = get("cluster/config").getEtag();
    var request = request("cluster/config", Map.of("flush", "os"), List.of("flush"));
    var first = request.toBuilder();
    first.getConfigBuilder().setEtag(etag);

    desk.update(first.build());

    var failure = catchThrowable(() -> desk.update(first.build()));
    assertThat(ErrorStatus.says(failure, ErrorCode.ETAG_MISMATCH)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cluster|flush|os|INVALID_REQUEST|Expected name to be cluster/config",
        "topics/u/config|flush|os|TOPIC_NOT_FOUND|none named u",
        "nodes/9/config|disk.used.ratio.max|0.5|NODE_NOT_FOUND|none of id 9",
        "nodes/1/config|node.rack|r2|INVALID_CONFIG|read at a start: change it in the node's file",
        "nodes/1/config|flush|os|INVALID_CONFIG|set it on cluster",
        "cluster/config|log.retention.ms|0|INVALID_CONFIG|to be -1 or at least 1, but was 0",
        "cluster/config|metadata.version|two|INVALID_CONFIG|to be a whole number, but was two",
        "cluster/config|metadata.version|3|METADATA_VERSION_TOO_LOW|node 1 of release test supports",
      })
  void saysWhatIsWrong(String name, String key, String value, ErrorCode code, String reason) {
    var failure =
        catchThrowable(() -> desk.update(request(name, Map.of(key, value), List.of(key))));

    assertThat(ErrorStatus.says(failure, code)).as(failure.toString()).isTrue();
    assertThat(failure).hasMessageContaining(reason);
  }

  @Test
  void wantsAMaskThatNamesWhatIsToChange() {
    assertThat(catchThrowable(() -> desk.update(request("cluster/config", Map.of(), List.of()))))
        .hasMessageContaining("Expected update_mask to name each setting");
    assertThat(
            catchThrowable(() ->
                desk.update(
                    request("cluster/config", Map.of("flush", "os"), List.of("num.partitions")))))
        .hasMessageContaining("Expected update_mask to name flush, of which there is a value");
    assertThat(
            catchThrowable(() ->
                desk.update(
                    request(
                        "cluster/config",
                        Map.of("metadata.version", "2", "flush", "os"),
                        List.of("metadata.version", "flush")))))
        .hasMessageContaining("and nothing beside it");
  }

  @Test
  void refusesToExplainWhatIsNotThere() {
    assertThat(catchThrowable(() -> explain("cluster/config", "node.rack")))
        .hasMessageContaining("ask nodes/{node}");
    assertThat(catchThrowable(() -> explain("nodes/1/config", "num.partitions")))
        .hasMessageContaining("ask cluster");
    assertThat(catchThrowable(() -> explain("topics/t/config", "colour")))
        .hasMessageContaining("which it does not have");
    assertThat(explain("cluster/config", "metadata.version").getValue()).isEqualTo("2");
  }

  @Test
  void saysWhatWasProbablyMeant() {
    assertThat(catchThrowable(() -> explain("topics/t/config", "log.retention.ms")))
        .hasMessageContaining("did you mean retention.ms?");
    assertThat(catchThrowable(() -> explain("cluster/config", "retention.ms")))
        .hasMessageContaining("did you mean log.retention.ms?");
    assertThat(catchThrowable(() -> explain("nodes/1/config", "node.rak")))
        .hasMessageContaining("did you mean node.rack?");
    assertThat(catchThrowable(() -> explain("topics/t/config", "re\ntention.ms")))
        .hasMessageContaining("re\\u000atention.ms");
  }

  @Test
  void doesNotSpeakForNodesThatHaveTheirOwn() {
    var told = explain("cluster/config", "disk.used.ratio.max");

    assertThat(told.getValue()).isEmpty();
    assertThat(told.getLayersList()).isEmpty();
    assertThat(told.getWarningsList())
        .extracting(Warning::getCode)
        .containsExactly("EACH_NODE_HAS_ITS_OWN");
    update("cluster/config", Map.of("disk.used.ratio.max", "0.9"));
    assertThat(explain("cluster/config", "disk.used.ratio.max").getValue()).isEqualTo("0.9");
  }

  @Test
  void finalizesTheVersionThatIsInForceWithoutEffect() {
    var told = upgrades.check();

    assertThat(told.getReady()).isFalse();
    assertThat(told.getNodesList()).hasSize(3).allMatch(node -> node.getReady());
    upgrades.finish(FinalizeUpgradeRequest.getDefaultInstance());
    assertThat(made).containsExactly(new FinalizeMetadataVersion(2, "ann@10.0.0.7"));
    assertThat(applied.image().metadataVersion()).isEqualTo(2);
  }

  private ClusterSnapshot snapshot() {
    return new ClusterSnapshot(applied.image(), applied.index(), QUORUM, 0);
  }

  private Applied make(MetadataCommand command) {
    made.add(command);
    long index = applied.index() + 1;
    var envelope =
        new CommandEnvelope(SELF, CommandEnvelope.UNREGISTERED, index, 1_000_000, command);
    var transition = MetadataMachine.apply(applied.image(), index, envelope);
    if (transition.outcome() instanceof Outcome.Refusal(_, var why)) {
      throw ErrorStatus.of(why);
    }
    applied = new Applied(index, transition.image());
    return applied;
  }

  private Config get(String name) {
    return desk.get(GetConfigRequest.newBuilder().setName(name).build());
  }

  private ConfigExplanation explain(String name, String key) {
    return desk.explain(ExplainConfigRequest.newBuilder().setName(name).setKey(key).build());
  }

  private void update(String name, Map<String, String> set) {
    var _ = desk.update(request(name, set, List.copyOf(set.keySet())));
  }

  private static UpdateConfigRequest request(
      String name, Map<String, String> set, List<String> mask) {
    var config = Config.newBuilder().setName(name);
    set.forEach(
        (key, value) -> config.addSettings(ConfigSetting.newBuilder().setKey(key).setValue(value)));
    return UpdateConfigRequest.newBuilder()
        .setConfig(config)
        .setUpdateMask(FieldMask.newBuilder().addAllPaths(mask))
        .build();
  }

  private static String value(Config config, String key) {
    return config.getSettingsList().stream()
        .filter(setting -> setting.getKey().equals(key))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  private static LiveConfig own() {
    try {
      var loaded =
          ConfigLayers.load(
              Optional.empty(),
              Map.of("NARU_NODE_RACK", "r1", "NARU_OFFSETS_RETENTION_MINUTES", "8"),
              List.of(
                  "node.id=1",
                  "data.dirs=/tmp/naru/data",
                  "metadata.dir=/tmp/naru/metadata",
                  "quorum.voters=1@127.0.0.1:9412",
                  "offsets.retention.minutes=7"));
      return new LiveConfig(loaded.config(), loaded.sources());
    } catch (InvalidConfigException e) {
      throw new AssertionError(e);
    }
  }
}
