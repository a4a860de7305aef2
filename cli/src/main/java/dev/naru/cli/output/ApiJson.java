package dev.naru.cli.output;

import dev.naru.cli.json.Json;
import dev.naru.client.admin.ClusterDescription;
import dev.naru.client.admin.NodeDescription;
import dev.naru.client.admin.PartitionDescription;
import dev.naru.client.admin.TopicDescription;
import dev.naru.client.admin.TopicLoad;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the SDK describes, in the JSON of the admin API's messages: names in lowerCamelCase, 64-bit
 * numbers as text, what is absent left out.
 */
public final class ApiJson {

  private ApiJson() {}

  /** A {@code Topic}. */
  public static Json topic(TopicDescription topic) {
    return fields(topic).build();
  }

  /** A {@code Topic} with what producers send to it, if that is known. */
  public static Json topicWithLoad(
      TopicDescription topic, Optional<TopicLoad> load, HotKeyNames names) {
    var fields = fields(topic);
    load.ifPresent(known -> fields.with("load", LoadText.json(known, names)));
    return fields.build();
  }

  private static Json.Fields fields(TopicDescription topic) {
    var fields = Json.object().with("name", topicName(topic));
    topic.id().ifPresent(id -> fields.with("uid", id.toString()));
    return fields
        .with("etag", topic.etag())
        .with("createTime", topic.created().toString())
        .with("partitionCount", topic.partitionCount())
        .with("replicationFactor", topic.replicationFactor())
        .with("configs", configs(topic))
        .with("partitions", Json.array(topic.partitions().stream().map(ApiJson::partition)))
        .with("warnings", warnings(topic));
  }

  /** {@code topics/NAME}. */
  public static String topicName(TopicDescription topic) {
    return "topics/" + topic.name();
  }

  private static Json configs(TopicDescription topic) {
    return Json.array(
        topic.configs().entrySet().stream()
            .map(entry ->
                Json.object().with("key", entry.getKey()).with("value", entry.getValue()).build()));
  }

  private static Json warnings(TopicDescription topic) {
    return Json.array(
        topic.warnings().stream()
            .map(warning ->
                Json.object()
                    .with("code", warning.code())
                    .with("message", warning.message())
                    .build()));
  }

  private static Json partition(PartitionDescription partition) {
    var fields = Json.object().with("partition", partition.partition());
    ifPresent(partition.leader(), fields, "leader");
    return fields
        .with("leaderEpoch", partition.leaderEpoch())
        .with("partitionEpoch", partition.partitionEpoch())
        .with("replicas", Json.numbers(partition.replicas()))
        .with("isr", Json.numbers(partition.isr()))
        .with("elr", Json.numbers(partition.elr()))
        .with("copies", partition.copies())
        .build();
  }

  /** A {@code Node}. */
  public static Json node(NodeDescription node) {
    return Json.object()
        .with("name", nodeName(node.id()))
        .with("id", node.id())
        .with("state", "STATE_" + node.state())
        .with("role", "ROLE_" + node.role())
        .with("controller", Json.bool(node.isController()))
        .with("rack", node.rack().orElse(""))
        .with("epoch", Json.int64(node.epoch()))
        .with("clientAddress", node.clientAddress().toString())
        .with("internalAddress", node.internalAddress().toString())
        .with("httpAddress", node.httpAddress().toString())
        .with("leaderCount", node.leaderCount())
        .with("replicaCount", node.replicaCount())
        .with("version", node.version())
        .with("decommissioning", Json.bool(node.isDecommissioning()))
        .build();
  }

  /** {@code nodes/ID}. */
  public static String nodeName(int id) {
    return "nodes/" + id;
  }

  /** A {@code Cluster}. */
  public static Json cluster(ClusterDescription cluster) {
    var fields =
        Json.object()
            .with("clusterId", cluster.clusterId())
            .with("metadataVersion", cluster.metadataVersion())
            .with("metadataIndex", Json.int64(cluster.metadataIndex()))
            .with("imageAgeMs", Json.int64(cluster.imageAge().toMillis()));
    ifPresent(cluster.controller(), fields, "controller");
    return fields
        .with("voters", Json.numbers(cluster.voters()))
        .with("listeners", Json.numbers(cluster.listeners()))
        .with("nodeCount", cluster.nodeCount())
        .with("liveNodeCount", cluster.liveNodeCount())
        .with("topicCount", cluster.topicCount())
        .with("partitionCount", cluster.partitionCount())
        .with("offlinePartitionCount", cluster.offlinePartitionCount())
        .with("underReplicatedPartitionCount", cluster.underReplicatedPartitionCount())
        .with("version", cluster.version())
        .build();
  }

  private static void ifPresent(OptionalInt value, Json.Fields fields, String name) {
    value.ifPresent(present -> fields.with(name, present));
  }
}
