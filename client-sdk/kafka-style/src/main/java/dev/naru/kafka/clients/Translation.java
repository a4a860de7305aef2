package dev.naru.kafka.clients;

import dev.naru.client.NaruException;
import dev.naru.client.admin.Admin;
import dev.naru.client.admin.NodeDescription;
import dev.naru.client.admin.PartitionDescription;
import dev.naru.client.admin.TopicDescription;
import dev.naru.kafka.common.Node;
import dev.naru.kafka.common.PartitionInfo;
import dev.naru.kafka.common.TopicPartition;
import dev.naru.kafka.common.header.Header;
import dev.naru.kafka.common.header.Headers;
import dev.naru.kafka.common.header.internals.RecordHeader;
import dev.naru.kafka.common.header.internals.RecordHeaders;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

/** The same things by Kafka's names and by Naru's. */
public final class Translation {

  private Translation() {}

  /** Naru's. */
  public static dev.naru.client.TopicPartition naru(TopicPartition partition) {
    return new dev.naru.client.TopicPartition(partition.topic(), partition.partition());
  }

  /** Naru's. */
  public static Set<dev.naru.client.TopicPartition> naru(Collection<TopicPartition> partitions) {
    return partitions.stream().map(Translation::naru).collect(Collectors.toSet());
  }

  /** Naru's. */
  public static dev.naru.client.TopicPartition[] naruArray(Collection<TopicPartition> partitions) {
    return partitions.stream()
        .map(Translation::naru)
        .toArray(dev.naru.client.TopicPartition[]::new);
  }

  /** Kafka's. */
  public static TopicPartition kafka(dev.naru.client.TopicPartition partition) {
    return new TopicPartition(partition.topic(), partition.partition());
  }

  /** Kafka's. */
  public static Set<TopicPartition> kafka(Collection<dev.naru.client.TopicPartition> partitions) {
    return partitions.stream().map(Translation::kafka).collect(Collectors.toSet());
  }

  /** Naru's. */
  public static List<dev.naru.record.RecordHeader> naru(Headers headers) {
    var all = new ArrayList<dev.naru.record.RecordHeader>();
    for (Header header : headers) {
      byte[] value = header.value();
      all.add(
          value == null
              ? dev.naru.record.RecordHeader.withoutValue(header.key())
              : dev.naru.record.RecordHeader.of(header.key(), ByteBuffer.wrap(value)));
    }
    return all;
  }

  /** Kafka's. */
  public static RecordHeaders kafka(List<dev.naru.record.RecordHeader> headers) {
    var all = new RecordHeaders();
    for (var header : headers) {
      byte[] value = header.value().map(Translation::bytesOf).orElse(null);
      all.add(new RecordHeader(header.name(), value));
    }
    return all;
  }

  private static byte[] bytesOf(ByteBuffer value) {
    byte[] bytes = new byte[value.remaining()];
    value.get(value.position(), bytes);
    return bytes;
  }

  /** The partitions of a topic and who keeps them. Asks the cluster. */
  public static List<PartitionInfo> partitionsOf(Admin admin, String topic) {
    try {
      var description = admin.describeTopic(topic).join();
      return infos(description, nodes(admin));
    } catch (CompletionException e) {
      throw e.getCause() instanceof NaruException known ? Failures.of(known) : Failures.of(e);
    }
  }

  /** All topics but internal ones, with their partitions. Asks the cluster. */
  public static Map<String, List<PartitionInfo>> topics(Admin admin) {
    try {
      var nodes = nodes(admin);
      var all = new TreeMap<String, List<PartitionInfo>>();
      for (var topic : admin.listTopics().join()) {
        all.put(topic.name(), infos(admin.describeTopic(topic.name()).join(), nodes));
      }
      return all;
    } catch (CompletionException e) {
      throw e.getCause() instanceof NaruException known ? Failures.of(known) : Failures.of(e);
    }
  }

  /** The nodes of the cluster by their ids. Asks the cluster. */
  public static Map<Integer, Node> nodes(Admin admin) {
    return byId(admin.listNodes().join());
  }

  /** Kafka's, by their ids. */
  public static Map<Integer, Node> byId(List<NodeDescription> all) {
    var nodes = new TreeMap<Integer, Node>();
    for (var node : all) {
      var address = node.clientAddress();
      nodes.put(node.id(), new Node(node.id(), address.host(), address.port()));
    }
    return nodes;
  }

  private static List<PartitionInfo> infos(TopicDescription topic, Map<Integer, Node> nodes) {
    return topic.partitions().stream().map(each -> info(topic.name(), each, nodes)).toList();
  }

  private static PartitionInfo info(
      String topic, PartitionDescription partition, Map<Integer, Node> nodes) {
    var leader = partition.leader();
    return new PartitionInfo(
        topic,
        partition.partition(),
        leader.isPresent() ? node(leader.getAsInt(), nodes) : null,
        nodesOf(partition.replicas(), nodes),
        nodesOf(partition.isr(), nodes));
  }

  private static Node[] nodesOf(List<Integer> ids, Map<Integer, Node> nodes) {
    return ids.stream().map(id -> node(id, nodes)).toArray(Node[]::new);
  }

  /** The node with this id, without an address if it is not known. */
  public static Node node(int id, Map<Integer, Node> nodes) {
    return nodes.getOrDefault(id, new Node(id, "", -1));
  }
}
