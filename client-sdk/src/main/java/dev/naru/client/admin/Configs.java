package dev.naru.client.admin;

import com.google.protobuf.FieldMask;
import dev.naru.client.transport.AdminCalls;
import dev.naru.proto.admin.v1.Config;
import dev.naru.proto.admin.v1.ExplainConfigRequest;
import dev.naru.proto.admin.v1.GetConfigRequest;
import dev.naru.proto.admin.v1.UpdateConfigRequest;
import dev.naru.types.HostPort;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Settings of the cluster, of nodes and of topics: what is in force, why, and how to change it
 * while nodes run. Futures are as those of {@link Admin}.
 *
 * <p>What a node was started with only that node knows, so it is asked itself; if it cannot be
 * reached another one answers, which knows what is set of it while it runs and says so by the
 * warning {@code STARTED_WITH_UNKNOWN}.
 */
public final class Configs {

  private final Admin admin;
  private final AdminCalls calls;

  Configs(Admin admin, AdminCalls calls) {
    this.admin = admin;
    this.calls = calls;
  }

  /** All settings in force. Fails with {@code TOPIC_NOT_FOUND} or {@code NODE_NOT_FOUND}. */
  public CompletableFuture<ConfigDescription> describe(ConfigSubject subject) {
    var request = GetConfigRequest.newBuilder().setName(subject.resource()).build();
    return admin.answer(
        ask(subject, first -> calls.getConfig(first, request)), Configs::description);
  }

  /** Why one setting has its value, and when another one would count. */
  public CompletableFuture<ConfigExplanation> explain(ConfigSubject subject, String key) {
    var request = ExplainConfigRequest.newBuilder().setName(subject.resource()).setKey(key).build();
    return admin.answer(
        ask(subject, first -> calls.explainConfig(first, request)), Configs::explanation);
  }

  /**
   * Changes settings, all of them or none; what they were and are, the descriptions before and
   * after say. Fails with {@code INVALID_CONFIG}, which names everything that is wrong, and with
   * {@code ETAG_MISMATCH} if the change names an etag and the subject has another one. After {@code
   * REQUEST_TIMEOUT} it may be made or not. Raising {@code metadata.version} of the cluster cannot
   * be taken back.
   */
  public CompletableFuture<ConfigDescription> alter(ConfigChange change) {
    return update(change, false);
  }

  /** Says what the settings would be after the change, or why not. Changes nothing. */
  public CompletableFuture<ConfigDescription> validateAlter(ConfigChange change) {
    return update(change, true);
  }

  private CompletableFuture<ConfigDescription> update(ConfigChange change, boolean isDryRun) {
    var request = request(change, isDryRun);
    return admin.answer(
        ask(change.subject(), first -> calls.updateConfig(first, request)), Configs::description);
  }

  /** How far the nodes are on the way to newer rules. */
  public CompletableFuture<UpgradeReadiness> checkUpgrade() {
    return admin.answer(calls.checkUpgrade(), Configs::readiness);
  }

  /**
   * Puts the newest rules that any node knows into force. Fails with {@code
   * METADATA_VERSION_TOO_LOW}, which names them, while registered nodes do not know them. It cannot
   * be taken back: from then on an older release cannot take part.
   */
  public CompletableFuture<UpgradeReadiness> finalizeUpgrade() {
    return admin.answer(calls.finalizeUpgrade(false), Configs::readiness);
  }

  /** Says whether finalizing would be refused. Changes nothing. */
  public CompletableFuture<UpgradeReadiness> validateFinalizeUpgrade() {
    return admin.answer(calls.finalizeUpgrade(true), Configs::readiness);
  }

  /** Asks a node itself before others, because these know less of it. */
  private <A> CompletableFuture<A> ask(
      ConfigSubject subject, Function<Optional<HostPort>, CompletableFuture<A>> beginningWith) {
    return subject.isAnyNode()
        ? admin.nodes().thenCompose(nodes -> beginningWith.apply(addressOf(subject, nodes)))
        : beginningWith.apply(Optional.empty());
  }

  private static Optional<HostPort> addressOf(ConfigSubject subject, List<NodeDescription> nodes) {
    return nodes.stream().filter(subject::isNode).map(NodeDescription::clientAddress).findFirst();
  }

  private static UpdateConfigRequest request(ConfigChange change, boolean isDryRun) {
    var config =
        Config.newBuilder().setName(change.subject().resource()).setEtag(change.etag().orElse(""));
    change
        .set()
        .forEach((key, value) ->
            config.addSettings(
                dev.naru.proto.admin.v1.ConfigSetting.newBuilder().setKey(key).setValue(value)));
    return UpdateConfigRequest.newBuilder()
        .setConfig(config)
        .setUpdateMask(
            FieldMask.newBuilder().addAllPaths(change.set().keySet()).addAllPaths(change.unset()))
        .setValidateOnly(isDryRun)
        .build();
  }

  private static ConfigDescription description(Config config) {
    return new ConfigDescription(
        ConfigSubject.ofResource(config.getName()),
        config.getEtag(),
        config.getSettingsList().stream().map(Configs::setting).toList(),
        config.getWarningsList().stream().map(Configs::warning).toList(),
        config.getMetadataIndex());
  }

  private static ConfigExplanation explanation(dev.naru.proto.admin.v1.ConfigExplanation told) {
    return new ConfigExplanation(
        ConfigSubject.ofResource(told.getName()),
        told.getKey(),
        told.getValue(),
        told.getDoc(),
        told.getTakes(),
        told.getLayersList().stream().map(Configs::setting).toList(),
        told.getTakesEffect(),
        told.getNeedsRestart(),
        told.getWarningsList().stream().map(Configs::warning).toList());
  }

  private static TopicWarning warning(dev.naru.proto.admin.v1.Warning warning) {
    return new TopicWarning(warning.getCode(), warning.getMessage());
  }

  private static ConfigSetting setting(dev.naru.proto.admin.v1.ConfigSetting told) {
    return new ConfigSetting(
        told.getKey(),
        told.getValue(),
        source(told),
        told.getDetail(),
        told.getPrincipal().isEmpty() ? Optional.empty() : Optional.of(told.getPrincipal()),
        told.hasChangeTime()
            ? Optional.of(
                Instant.ofEpochSecond(
                    told.getChangeTime().getSeconds(), told.getChangeTime().getNanos()))
            : Optional.empty(),
        told.getChangeIndex());
  }

  /** One that this release does not know is told as what it certainly is: not the default. */
  private static ConfigSetting.Source source(dev.naru.proto.admin.v1.ConfigSetting told) {
    return switch (told.getSource()) {
      case CONFIG_SOURCE_DEFAULT -> ConfigSetting.Source.DEFAULT;
      case CONFIG_SOURCE_FILE -> ConfigSetting.Source.FILE;
      case CONFIG_SOURCE_VARIABLE -> ConfigSetting.Source.VARIABLE;
      case CONFIG_SOURCE_FLAG -> ConfigSetting.Source.FLAG;
      case CONFIG_SOURCE_PRESET -> ConfigSetting.Source.PRESET;
      case CONFIG_SOURCE_FIRST_CONTROLLER -> ConfigSetting.Source.FIRST_CONTROLLER;
      case CONFIG_SOURCE_NODE -> ConfigSetting.Source.NODE;
      case CONFIG_SOURCE_TOPIC -> ConfigSetting.Source.TOPIC;
      case CONFIG_SOURCE_CLUSTER, CONFIG_SOURCE_UNSPECIFIED, UNRECOGNIZED ->
          ConfigSetting.Source.CLUSTER;
    };
  }

  private static UpgradeReadiness readiness(dev.naru.proto.admin.v1.UpgradeReadiness told) {
    return new UpgradeReadiness(
        told.getMetadataVersion(),
        told.getMetadataVersionNewest(),
        told.getReady(),
        told.getNodesList().stream()
            .map(node ->
                new UpgradeReadiness.Node(
                    node.getNode(),
                    node.getVersion(),
                    node.getMetadataVersionMin(),
                    node.getMetadataVersionMax(),
                    node.getState().name().replace("STATE_", ""),
                    node.getReady(),
                    node.getReason()))
            .toList());
  }
}
