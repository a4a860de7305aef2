package dev.naru.metadata.codec;

import dev.naru.metadata.command.AlterConfigs;
import dev.naru.metadata.command.FinalizeMetadataVersion;
import dev.naru.metadata.image.ConfigEntry;
import dev.naru.metadata.image.ConfigOrigin;
import dev.naru.metadata.image.Durability;
import dev.naru.proto.internal.v1.AlterConfigsCommand;
import dev.naru.proto.internal.v1.ClusterConfigRecord;
import dev.naru.proto.internal.v1.ConfiguredValue;
import dev.naru.proto.internal.v1.DurabilityPreset;
import dev.naru.proto.internal.v1.ExpectedConfigs;
import dev.naru.proto.internal.v1.FinalizeMetadataVersionCommand;
import dev.naru.proto.internal.v1.NodeConfigRecord;
import dev.naru.types.NodeId;
import java.util.List;
import java.util.Optional;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/** Writes and reads what is about settings, in commands and in snapshots. */
final class ConfigMessages {

  private ConfigMessages() {}

  static AlterConfigsCommand write(AlterConfigs command) {
    var message =
        AlterConfigsCommand.newBuilder()
            .addAllSet(Values.write(command.set()))
            .addAllUnset(command.unset())
            .setPrincipal(command.principal());
    command.node().ifPresent(node -> message.setNode(node.value()));
    command
        .expected()
        .map(seen -> ExpectedConfigs.newBuilder().addAllConfigs(Values.write(seen)).build())
        .ifPresent(message::setExpected);
    return message.build();
  }

  static AlterConfigs read(AlterConfigsCommand message) {
    return new AlterConfigs(
        message.hasNode() ? Optional.of(new NodeId(message.getNode())) : Optional.empty(),
        Values.read(message.getSetList()),
        keys(message.getUnsetList()),
        message.hasExpected()
            ? Optional.of(Values.read(message.getExpected().getConfigsList()))
            : Optional.empty(),
        message.getPrincipal());
  }

  static TreePSet<String> keys(List<String> list) {
    var keys = TreePSet.from(list);
    if (keys.size() != list.size()) {
      throw new IllegalArgumentException("Expected each setting once, but were " + list.size());
    }
    return keys;
  }

  static FinalizeMetadataVersionCommand write(FinalizeMetadataVersion command) {
    return FinalizeMetadataVersionCommand.newBuilder()
        .setVersion(command.version())
        .setPrincipal(command.principal())
        .build();
  }

  static FinalizeMetadataVersion read(FinalizeMetadataVersionCommand message) {
    return new FinalizeMetadataVersion(message.getVersion(), message.getPrincipal());
  }

  static DurabilityPreset write(Durability durability) {
    return switch (durability) {
      case STRICT -> DurabilityPreset.DURABILITY_PRESET_STRICT;
      case BALANCED -> DurabilityPreset.DURABILITY_PRESET_BALANCED;
      case FAST -> DurabilityPreset.DURABILITY_PRESET_FAST;
    };
  }

  static Durability read(DurabilityPreset preset) {
    return switch (preset) {
      case DURABILITY_PRESET_STRICT -> Durability.STRICT;
      case DURABILITY_PRESET_BALANCED -> Durability.BALANCED;
      case DURABILITY_PRESET_FAST -> Durability.FAST;
      case DURABILITY_PRESET_UNSPECIFIED, UNRECOGNIZED -> throw Values.unknown("preset", preset);
    };
  }

  static ClusterConfigRecord cluster(TreePMap<String, ConfigEntry> entries) {
    return ClusterConfigRecord.newBuilder().addAllValues(values(entries)).build();
  }

  static NodeConfigRecord node(NodeId node, TreePMap<String, ConfigEntry> entries) {
    return NodeConfigRecord.newBuilder()
        .setNode(node.value())
        .addAllValues(values(entries))
        .build();
  }

  private static List<ConfiguredValue> values(TreePMap<String, ConfigEntry> entries) {
    return entries.entrySet().stream()
        .map(entry ->
            value(entry.getKey(), entry.getValue().origin())
                .setValue(entry.getValue().value())
                .build())
        .toList();
  }

  static TreePMap<String, ConfigEntry> entries(List<ConfiguredValue> values) {
    TreePMap<String, ConfigEntry> entries = TreePMap.empty();
    for (var value : values) {
      entries = entries.plus(value.getKey(), new ConfigEntry(value.getValue(), origin(value)));
    }
    return entries;
  }

  static List<ConfiguredValue> origins(TreePMap<String, ConfigOrigin> origins) {
    return origins.entrySet().stream()
        .map(entry -> value(entry.getKey(), entry.getValue()).build())
        .toList();
  }

  static TreePMap<String, ConfigOrigin> origins(List<ConfiguredValue> values) {
    TreePMap<String, ConfigOrigin> origins = TreePMap.empty();
    for (var value : values) {
      origins = origins.plus(value.getKey(), origin(value));
    }
    return origins;
  }

  private static ConfiguredValue.Builder value(String key, ConfigOrigin origin) {
    return ConfiguredValue.newBuilder()
        .setKey(key)
        .setIndex(origin.index())
        .setAtMs(origin.atMillis())
        .setPrincipal(origin.principal());
  }

  static ConfiguredValue origin(ConfigOrigin origin) {
    return value("", origin).build();
  }

  static ConfigOrigin origin(ConfiguredValue value) {
    return new ConfigOrigin(value.getIndex(), value.getAtMs(), value.getPrincipal());
  }
}
