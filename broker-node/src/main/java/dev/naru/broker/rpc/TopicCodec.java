package dev.naru.broker.rpc;

import com.google.protobuf.Timestamp;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.proto.admin.v1.ConfigEntry;
import dev.naru.proto.admin.v1.Partition;
import dev.naru.proto.admin.v1.Topic;
import dev.naru.proto.admin.v1.Warning;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.pcollections.TreePMap;

/** Topics as resources of the admin API. */
final class TopicCodec {

  /** Settings in one request: more cannot all be right. */
  static final int CONFIGS_MAX = 1_000;

  private static final String PREFIX = "topics/";

  private TopicCodec() {}

  static String resourceName(String topic) {
    return PREFIX + topic;
  }

  /** The topic that a resource name names; empty when it names something else. */
  static Optional<String> topicOf(String resourceName) {
    return resourceName.startsWith(PREFIX)
        ? Optional.of(resourceName.substring(PREFIX.length()))
        : Optional.empty();
  }

  static Topic encode(TopicImage topic) {
    return encoding(topic).build();
  }

  /** The same, to be added to. */
  static Topic.Builder encoding(TopicImage topic) {
    var encoded =
        Topic.newBuilder()
            .setName(resourceName(topic.name()))
            .setUid(topic.id().toString())
            .setEtag(etag(topic))
            .setCreateTime(
                Timestamp.newBuilder()
                    .setSeconds(Math.floorDiv(topic.createdMillis(), 1_000))
                    .setNanos(Math.floorMod(topic.createdMillis(), 1_000) * 1_000_000))
            .setPartitionCount(topic.partitions().size())
            .setReplicationFactor(topic.replicationFactor());
    topic
        .configs()
        .forEach((key, value) ->
            encoded.addConfigs(ConfigEntry.newBuilder().setKey(key).setValue(value)));
    for (int number = 0; number < topic.partitions().size(); number++) {
      encoded.addPartitions(encode(number, topic.partitions().get(number)));
    }
    return encoded;
  }

  private static Partition encode(int number, PartitionImage partition) {
    var encoded =
        Partition.newBuilder()
            .setPartition(number)
            .setLeaderEpoch(partition.leaderEpoch().value())
            .setPartitionEpoch(partition.partitionEpoch().value());
    partition.leader().map(NodeId::value).ifPresent(encoded::setLeader);
    encoded.setCopies(partition.copies());
    partition.replicas().forEach(replica -> encoded.addReplicas(replica.node().value()));
    partition.isr().forEach(node -> encoded.addIsr(node.value()));
    partition.elr().keySet().forEach(node -> encoded.addElr(node.value()));
    return encoded.build();
  }

  /**
   * Settings as a request has them.
   *
   * @throws io.grpc.StatusRuntimeException INVALID_CONFIG if one is given twice
   */
  static TreePMap<String, String> configs(List<ConfigEntry> entries, String field) {
    TreePMap<String, String> configs = TreePMap.empty();
    for (var entry : entries) {
      if (configs.containsKey(entry.getKey())) {
        throw ErrorStatus.ofField(
            new Refused(
                ErrorCode.INVALID_CONFIG,
                "Expected " + entry.getKey() + " once, but it is given twice"),
            field);
      }
      configs = configs.plus(entry.getKey(), entry.getValue());
    }
    return configs;
  }

  /** Changes with every change of the topic, and is the same on every node. */
  static String etag(TopicImage topic) {
    var sum = new CRC32C();
    var text =
        topic.id()
            + " "
            + topic.configs()
            + " "
            + topic.partitions().stream().map(PartitionImage::partitionEpoch).toList();
    sum.update(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().toHexDigits((int) sum.getValue());
  }

  /**
   * Metrics and file names of other systems fold dots into underscores, where such names collide.
   */
  static Optional<Warning> nameCollision(ClusterImage image, String name) {
    if (name.indexOf('.') < 0 && name.indexOf('_') < 0) {
      return Optional.empty(); // and nobody looks through thousands of names
    }
    var folded = name.replace('.', '_');
    var other =
        image.topicNames().keySet().stream()
            .filter(known ->
                known.length() == name.length()
                    && !known.equals(name)
                    && known.replace('.', '_').equals(folded))
            .findFirst();
    if (other.isPresent()) {
      return Optional.of(
          warning("Topic " + name + " differs from " + other.get() + " in . and _ only"));
    }
    return name.contains(".") && name.contains("_")
        ? Optional.of(
            warning("Topic " + name + " mixes . and _, which may collide with other names"))
        : Optional.empty();
  }

  private static Warning warning(String message) {
    return Warning.newBuilder().setCode("TOPIC_NAME_COLLISION").setMessage(message).build();
  }
}
