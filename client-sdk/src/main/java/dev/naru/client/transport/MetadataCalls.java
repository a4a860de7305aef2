package dev.naru.client.transport;

import dev.naru.client.core.ClusterView;
import dev.naru.client.core.LeaderHint;
import dev.naru.client.core.PartitionView;
import dev.naru.client.core.TopicView;
import dev.naru.proto.v1.Earliest;
import dev.naru.proto.v1.GetMetadataRequest;
import dev.naru.proto.v1.GetMetadataResponse;
import dev.naru.proto.v1.Latest;
import dev.naru.proto.v1.ListOffsetsRequest;
import dev.naru.proto.v1.ListOffsetsResponse;
import dev.naru.proto.v1.MetadataServiceGrpc;
import dev.naru.proto.v1.NodeMetadata;
import dev.naru.proto.v1.OffsetAnswer;
import dev.naru.proto.v1.OffsetQuery;
import dev.naru.proto.v1.PartitionMetadata;
import dev.naru.proto.v1.TopicMetadata;
import dev.naru.types.HostPort;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** Questions about where things are, put to one node. The futures complete on the event loop. */
public final class MetadataCalls {

  private final Channels channels;

  /** Asks through these channels. */
  public MetadataCalls(Channels channels) {
    this.channels = channels;
  }

  /** The nodes, and these topics. */
  CompletableFuture<ClusterView> view(HostPort node, Collection<String> topics, Duration limit) {
    var request = GetMetadataRequest.newBuilder().addAllTopicNames(topics).build();
    return channels
        .call(node, MetadataServiceGrpc.getGetMetadataMethod(), request, limit)
        .thenApply(MetadataCalls::viewOf);
  }

  /** The names of all topics but internal ones. */
  CompletableFuture<SortedSet<String>> topicNames(HostPort node, Duration limit) {
    var request = GetMetadataRequest.newBuilder().setAllTopics(true).build();
    return channels
        .callForRecords(node, MetadataServiceGrpc.getGetMetadataMethod(), request, limit)
        .thenApply(answer -> {
          var names = new TreeSet<String>();
          for (TopicMetadata topic : answer.getTopicsList()) {
            if (!topic.getInternal()
                && Wire.refusal(topic.getErrorValue(), topic.getErrorMessage()).isEmpty()) {
              names.add(topic.getName());
            }
          }
          return names;
        });
  }

  private static ClusterView viewOf(GetMetadataResponse answer) {
    SortedMap<NodeId, HostPort> nodes = new TreeMap<>();
    for (NodeMetadata node : answer.getNodesList()) {
      if (!node.getHost().isEmpty()) {
        nodes.put(new NodeId(node.getId()), new HostPort(node.getHost(), node.getPort()));
      }
    }
    SortedMap<String, TopicView> topics = new TreeMap<>();
    SortedMap<String, Refused> missing = new TreeMap<>();
    for (TopicMetadata topic : answer.getTopicsList()) {
      Wire.refusal(topic.getErrorValue(), topic.getErrorMessage())
          .ifPresentOrElse(
              why -> missing.put(topic.getName(), why),
              () -> topics.put(topic.getName(), topicOf(topic)));
    }
    return new ClusterView(
        answer.getClusterId(), answer.getMetadataIndex(), nodes, topics, missing);
  }

  private static TopicView topicOf(TopicMetadata topic) {
    return new TopicView(
        topic.getName(),
        Wire.topicId(topic.getId()),
        topic.getMaxMessageBytes() > 0 ? topic.getMaxMessageBytes() : Integer.MAX_VALUE,
        topic.getPartitionsList().stream().map(MetadataCalls::partitionOf).toList());
  }

  private static PartitionView partitionOf(PartitionMetadata partition) {
    return new PartitionView(
        partition.hasLeader() ? Optional.of(new NodeId(partition.getLeader())) : Optional.empty(),
        new LeaderEpoch(partition.getLeaderEpoch()));
  }

  /**
   * Offsets, asked of the node that leads these partitions; answered in the order of the queries.
   */
  CompletableFuture<List<Found>> offsets(HostPort leader, List<Query> queries, Duration limit) {
    var request = ListOffsetsRequest.newBuilder();
    queries.forEach(query -> request.addQueries(queryOf(query)));
    return channels
        .call(leader, MetadataServiceGrpc.getListOffsetsMethod(), request.build(), limit)
        .thenApply(ListOffsetsResponse::getAnswersList)
        .thenApply(answers -> answers.stream().map(MetadataCalls::foundOf).toList());
  }

  private static OffsetQuery queryOf(Query query) {
    var message =
        OffsetQuery.newBuilder()
            .setTopicId(Wire.uuid(query.partition.topic()))
            .setPartition(query.partition.partition())
            .setLeaderEpoch(query.leaderEpoch.value());
    switch (query.kind) {
      case EARLIEST -> message.setEarliest(Earliest.getDefaultInstance());
      case LATEST -> message.setLatest(Latest.getDefaultInstance());
      case TIME -> message.setTimestampMs(query.timestampMillis);
    }
    return message.build();
  }

  private static Found foundOf(OffsetAnswer answer) {
    return new Found(
        new PartitionId(Wire.topicId(answer.getTopicId()), answer.getPartition()),
        Wire.refusal(answer.getErrorValue(), answer.getErrorMessage()),
        answer.hasOffset() ? OptionalLong.of(answer.getOffset()) : OptionalLong.empty(),
        answer.hasTimestampMs() ? OptionalLong.of(answer.getTimestampMs()) : OptionalLong.empty(),
        Wire.leaderHint(answer.getLeader()));
  }

  /** What is looked for. */
  public enum Kind {
    /** The first offset that is kept. */
    EARLIEST,
    /** The high watermark. */
    LATEST,
    /** The first record at or after a time. */
    TIME
  }

  /** One question to a leader. */
  record Query(PartitionId partition, LeaderEpoch leaderEpoch, Kind kind, long timestampMillis) {}

  /** One answer of a leader. */
  record Found(
      PartitionId partition,
      Optional<Refused> refusal,
      OptionalLong offset,
      OptionalLong timestampMillis,
      Optional<LeaderHint> leader) {}
}
