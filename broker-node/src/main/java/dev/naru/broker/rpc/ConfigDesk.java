package dev.naru.broker.rpc;

import dev.naru.broker.config.SettingKeys;
import dev.naru.broker.rpc.ConfigSubject.OfCluster;
import dev.naru.broker.rpc.ConfigSubject.OfNode;
import dev.naru.broker.rpc.ConfigSubject.OfTopic;
import dev.naru.metadata.command.AlterConfigs;
import dev.naru.metadata.command.AlterTopicConfigs;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.FinalizeMetadataVersion;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.DynamicSetting;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.log.Applied;
import dev.naru.metadata.machine.ConfigSubmission;
import dev.naru.metadata.machine.ConfigWarning;
import dev.naru.metadata.machine.ConfigWarnings;
import dev.naru.metadata.machine.MetadataMachine;
import dev.naru.metadata.machine.Printable;
import dev.naru.proto.admin.v1.Config;
import dev.naru.proto.admin.v1.ConfigExplanation;
import dev.naru.proto.admin.v1.ExplainConfigRequest;
import dev.naru.proto.admin.v1.GetConfigRequest;
import dev.naru.proto.admin.v1.UpdateConfigRequest;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/** Shows, explains and changes settings. */
final class ConfigDesk {

  private final NodeId self;
  private final Supplier<ClusterSnapshot> cluster;
  private final Function<MetadataCommand, Applied> changes;
  private final ConfigViews views;
  private final Supplier<String> caller;

  /**
   * Makes changes by this function, which gives what this node has applied with them in it.
   *
   * @param caller who asks in the call under way
   */
  ConfigDesk(
      NodeId self,
      Supplier<ClusterSnapshot> cluster,
      Function<MetadataCommand, Applied> changes,
      ConfigViews views,
      Supplier<String> caller) {
    this.self = self;
    this.cluster = cluster;
    this.changes = changes;
    this.views = views;
    this.caller = caller;
  }

  /** All that is in force. */
  Config get(GetConfigRequest request) {
    var now = cluster.get();
    return view(new Applied(now.index(), now.image()), request.getName());
  }

  private Config view(Applied applied, String name) {
    var subject = ConfigSubject.find(applied.image(), name);
    var config =
        ConfigCodec.encode(
            subject,
            views.all(applied.image(), subject),
            applied.image(),
            applied.index(),
            views.knowsAll(subject))
            .toBuilder();
    warnings(applied.image(), subject)
        .forEach(warning -> config.addWarnings(ConfigCodec.encode(warning)));
    return config.build();
  }

  /** Why one setting has its value. */
  ConfigExplanation explain(ExplainConfigRequest request) {
    var image = cluster.get().image();
    var subject = ConfigSubject.find(image, request.getName());
    var key = request.getKey();
    if (!views.isKnown(subject, key)) {
      throw unknown(subject, key);
    }
    var told =
        ConfigCodec.explain(
            subject, key, views.layers(image, subject, key), views.knowsAll(subject))
            .toBuilder();
    warnings(image, subject).stream()
        .filter(warning -> warning.key().equals(key))
        .forEach(warning -> told.addWarnings(ConfigCodec.encode(warning)));
    return told.build();
  }

  private static List<ConfigWarning> warnings(ClusterImage image, ConfigSubject subject) {
    return switch (subject) {
      case OfCluster _ -> ConfigWarnings.ofCluster(image);
      case OfNode(var node) -> ConfigWarnings.ofNode(image, node);
      case OfTopic _ -> List.of();
    };
  }

  private static StatusRuntimeException unknown(ConfigSubject subject, String key) {
    var where =
        switch (subject) {
          case OfCluster _ when SettingKeys.ofNodes().containsKey(key) ->
              "which each node is started with: ask nodes/{node}";
          case OfNode _ when DynamicSetting.named(key).isPresent() ->
              "which is the cluster's: ask cluster";
          case OfNode _ when SettingKeys.ofNodes().containsKey(key) ->
              "which counts only when a cluster is initialized: ask cluster";
          default ->
              "which it does not have"
                  + ConfigViews.meant(subject, key)
                      .map(name -> "; did you mean " + name + "?")
                      .orElse("");
        };
    return ErrorStatus.ofField(
        new Refused(
            ErrorCode.INVALID_CONFIG,
            "Expected a setting of %s, but was %s, %s"
                .formatted(subject.name().replace("/config", ""), Printable.of(key), where)),
        "key");
  }

  /** The settings after the change, or as they would be. */
  Config update(UpdateConfigRequest request) {
    var now = cluster.get();
    var subject = ConfigSubject.find(now.image(), request.getConfig().getName());
    requireEtag(now, subject, request.getConfig().getEtag());
    var command = command(now, subject, request);
    ConfigSubmission.whyNot(now.image(), command)
        .ifPresent(why -> {
          throw ErrorStatus.of(why);
        });
    var after = request.getValidateOnly() ? wouldBe(now, command) : changes.apply(command);
    var answer = view(after, request.getConfig().getName()).toBuilder();
    ConfigWarnings.ofChange(now.image(), after.image())
        .forEach(warning -> answer.addWarnings(ConfigCodec.encode(warning)));
    return answer.build();
  }

  private static void requireEtag(ClusterSnapshot now, ConfigSubject subject, String asked) {
    var etag = ConfigCodec.etag(now.image(), subject);
    if (!asked.isEmpty() && !asked.equals(etag)) {
      throw ErrorStatus.ofField(
          new Refused(
              ErrorCode.ETAG_MISMATCH,
              "Expected etag %s of %s, but it is %s now"
                  .formatted(Printable.of(asked), subject.name(), etag)),
          "config.etag");
    }
  }

  private MetadataCommand command(
      ClusterSnapshot now, ConfigSubject subject, UpdateConfigRequest request) {
    var set = values(request);
    var unset = unset(request, set);
    // Whoever names an etag has seen these, and nobody may have changed them in between.
    var expected =
        request.getConfig().getEtag().isEmpty()
            ? Optional.<TreePMap<String, String>>empty()
            : Optional.of(ConfigCodec.set(now.image(), subject));
    return switch (subject) {
      case OfTopic(var topic) ->
          new AlterTopicConfigs(topic.id(), set, unset, expected, caller.get());
      case OfCluster _ when isOfVersion(set, unset) -> finalizing(set, unset);
      case OfCluster _ -> altering(Optional.empty(), set, unset, expected);
      case OfNode(var node) -> altering(Optional.of(node), set, unset, expected);
    };
  }

  private static TreePMap<String, String> values(UpdateConfigRequest request) {
    var mask = TreePSet.from(request.getUpdateMask().getPathsList());
    if (mask.isEmpty() || mask.size() != request.getUpdateMask().getPathsCount()) {
      throw invalid("update_mask", "Expected update_mask to name each setting to change once");
    }
    if (mask.size() > TopicCodec.CONFIGS_MAX) {
      throw ErrorStatus.of(
          new Refused(
              ErrorCode.LIMIT_EXCEEDED,
              "Expected at most %d settings, but were %d"
                  .formatted(TopicCodec.CONFIGS_MAX, mask.size())));
    }
    TreePMap<String, String> values = TreePMap.empty();
    for (var setting : request.getConfig().getSettingsList()) {
      if (!mask.contains(setting.getKey())) {
        throw invalid(
            "update_mask",
            "Expected update_mask to name %s, of which there is a value, but it does not"
                .formatted(Printable.of(setting.getKey())));
      }
      if (values.containsKey(setting.getKey())) {
        throw invalid(
            "config.settings",
            "Expected %s once, but it is given twice".formatted(Printable.of(setting.getKey())));
      }
      values = values.plus(setting.getKey(), setting.getValue());
    }
    return values;
  }

  private static StatusRuntimeException invalid(String field, String reason) {
    return ErrorStatus.ofField(new Refused(ErrorCode.INVALID_REQUEST, reason), field);
  }

  private static TreePSet<String> unset(UpdateConfigRequest request, TreePMap<String, String> set) {
    return TreePSet.from(
        request.getUpdateMask().getPathsList().stream()
            .filter(key -> !set.containsKey(key))
            .toList());
  }

  private static boolean isOfVersion(TreePMap<String, String> set, TreePSet<String> unset) {
    return set.containsKey(ConfigViews.METADATA_VERSION)
        || unset.contains(ConfigViews.METADATA_VERSION);
  }

  private FinalizeMetadataVersion finalizing(TreePMap<String, String> set, TreePSet<String> unset) {
    var text = Optional.ofNullable(set.get(ConfigViews.METADATA_VERSION));
    if (text.isEmpty() || set.size() + unset.size() > 1) {
      throw invalid(
          "update_mask",
          "Expected metadata.version to be set, and nothing beside it, because it cannot be taken back");
    }
    try {
      return new FinalizeMetadataVersion(Integer.parseInt(text.get()), caller.get());
    } catch (NumberFormatException e) {
      throw ErrorStatus.ofField(
          new Refused(
              ErrorCode.INVALID_CONFIG,
              "Expected metadata.version to be a whole number, but was "
                  + Printable.of(text.get())),
          "config.settings");
    }
  }

  private AlterConfigs altering(
      Optional<NodeId> node,
      TreePMap<String, String> set,
      TreePSet<String> unset,
      Optional<TreePMap<String, String>> expected) {
    for (var key : unset.plusAll(set.keySet())) {
      if (SettingKeys.ofNodes().containsKey(key) && DynamicSetting.named(key).isEmpty()) {
        throw ErrorStatus.ofField(
            new Refused(
                ErrorCode.INVALID_CONFIG,
                "Expected a setting that can be changed while nodes run, but %s is read at a start: change it in the node's file, then restart the node"
                    .formatted(key)),
            "config.settings");
      }
    }
    return new AlterConfigs(node, set, unset, expected, caller.get());
  }

  /** By the same decision that the metadata log would make now. */
  private Applied wouldBe(ClusterSnapshot now, MetadataCommand command) {
    var envelope = new CommandEnvelope(self, CommandEnvelope.UNREGISTERED, 0, 0, command);
    var transition = MetadataMachine.apply(now.image(), now.index() + 1, envelope);
    if (transition.outcome() instanceof Outcome.Refusal(_, var why)) {
      throw ErrorStatus.of(why);
    }
    return new Applied(now.index(), transition.image());
  }
}
