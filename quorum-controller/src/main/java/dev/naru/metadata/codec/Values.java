package dev.naru.metadata.codec;

import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.LogEnd;
import dev.naru.metadata.image.NodeEndpoints;
import dev.naru.metadata.image.NodeProfile;
import dev.naru.proto.internal.v1.ConfigValue;
import dev.naru.proto.internal.v1.LogExtent;
import dev.naru.proto.internal.v1.NodeDescription;
import dev.naru.proto.internal.v1.PartitionRef;
import dev.naru.proto.internal.v1.StopKind;
import dev.naru.proto.internal.v1.TopicDefaults;
import dev.naru.proto.v1.Uuid;
import dev.naru.types.HostPort;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import org.pcollections.TreePMap;

/**
 * What commands and snapshots have in common, written and read. Reading throws {@link
 * IllegalArgumentException} for values that cannot be; the two codecs catch it.
 */
final class Values {

  private Values() {}

  static Uuid write(UUID id) {
    return Uuid.newBuilder()
        .setHigh(id.getMostSignificantBits())
        .setLow(id.getLeastSignificantBits())
        .build();
  }

  static UUID read(Uuid id) {
    if (id.getHigh() == 0 && id.getLow() == 0) {
      throw new IllegalArgumentException("Expected an id, but was all zeros");
    }
    return new UUID(id.getHigh(), id.getLow());
  }

  static Uuid write(TopicId id) {
    return write(id.value());
  }

  static TopicId readTopic(Uuid id) {
    return new TopicId(read(id));
  }

  static PartitionRef write(PartitionId id) {
    return PartitionRef.newBuilder()
        .setTopicId(write(id.topic()))
        .setPartition(id.partition())
        .build();
  }

  static PartitionId read(PartitionRef ref) {
    return new PartitionId(readTopic(ref.getTopicId()), ref.getPartition());
  }

  static List<ConfigValue> write(SortedMap<String, String> configs) {
    return configs.entrySet().stream()
        .map(entry ->
            ConfigValue.newBuilder().setKey(entry.getKey()).setValue(entry.getValue()).build())
        .toList();
  }

  static TreePMap<String, String> read(List<ConfigValue> configs) {
    TreePMap<String, String> read = TreePMap.empty();
    for (var config : configs) {
      read = read.plus(config.getKey(), config.getValue());
    }
    if (read.size() != configs.size()) {
      throw new IllegalArgumentException("Expected each setting once, but were " + configs.size());
    }
    return read;
  }

  static TopicDefaults write(ClusterDefaults defaults) {
    var message =
        TopicDefaults.newBuilder()
            .setPartitions(defaults.partitions())
            .setReplicationFactor(defaults.replicationFactor())
            .addAllConfigs(write(defaults.topicConfigs()));
    defaults.durability().map(ConfigMessages::write).ifPresent(message::setDurability);
    return message.build();
  }

  static ClusterDefaults read(TopicDefaults defaults) {
    return new ClusterDefaults(
        defaults.getPartitions(),
        defaults.getReplicationFactor(),
        read(defaults.getConfigsList()),
        defaults.hasDurability()
            ? Optional.of(ConfigMessages.read(defaults.getDurability()))
            : Optional.empty());
  }

  static NodeDescription write(NodeProfile profile) {
    var description =
        NodeDescription.newBuilder()
            .setClientAddress(profile.endpoints().client().toString())
            .setInternalAddress(profile.endpoints().internal().toString())
            .setRaftAddress(profile.endpoints().raft().toString())
            .setHttpAddress(profile.endpoints().http().toString())
            .setRaftPeerId(profile.raftPeerId())
            .setVersion(profile.version())
            .setMetadataVersionMax(profile.metadataVersionMax());
    profile.rack().ifPresent(description::setRack);
    if (profile.metadataVersionMin() != NodeProfile.METADATA_VERSION_FIRST) {
      description.setMetadataVersionMin(profile.metadataVersionMin());
    }
    return description.build();
  }

  static NodeProfile read(NodeDescription description) {
    return new NodeProfile(
        description.hasRack() ? Optional.of(description.getRack()) : Optional.empty(),
        new NodeEndpoints(
            HostPort.parse(description.getClientAddress()),
            HostPort.parse(description.getInternalAddress()),
            HostPort.parse(description.getRaftAddress()),
            HostPort.parse(description.getHttpAddress())),
        description.getRaftPeerId(),
        description.getVersion(),
        description.hasMetadataVersionMin()
            ? description.getMetadataVersionMin()
            : NodeProfile.METADATA_VERSION_FIRST,
        description.getMetadataVersionMax());
  }

  static LogExtent write(LogEnd log) {
    var extent = LogExtent.newBuilder().setEnd(log.end());
    log.lastEpoch().ifPresent(epoch -> extent.setLastEpoch(epoch.value()));
    return extent.build();
  }

  static LogEnd read(LogExtent extent) {
    return new LogEnd(
        extent.hasLastEpoch()
            ? Optional.of(new LeaderEpoch(extent.getLastEpoch()))
            : Optional.empty(),
        extent.getEnd());
  }

  static StopKind write(LastStop stop) {
    return switch (stop) {
      case CLEAN -> StopKind.STOP_KIND_CLEAN;
      case UNCLEAN -> StopKind.STOP_KIND_UNCLEAN;
    };
  }

  static LastStop read(StopKind kind) {
    return switch (kind) {
      case STOP_KIND_CLEAN -> LastStop.CLEAN;
      case STOP_KIND_UNCLEAN -> LastStop.UNCLEAN;
      case STOP_KIND_UNSPECIFIED, UNRECOGNIZED -> throw unknown("way to stop", kind);
    };
  }

  /** For an enum value that is zero or that this release does not know. */
  static IllegalArgumentException unknown(String what, Enum<?> value) {
    return new IllegalArgumentException("Expected a known " + what + ", but was " + value);
  }
}
