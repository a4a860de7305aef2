package dev.naru.kafka.clients.admin;

import dev.naru.kafka.clients.consumer.OffsetAndMetadata;
import dev.naru.kafka.common.TopicPartition;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/** Topics, groups and records of a cluster. Any number of threads may share one. */
public interface Admin extends AutoCloseable {

  /** With these settings. */
  static Admin create(Properties properties) {
    return AdminClient.create(properties);
  }

  /** With these settings. */
  static Admin create(Map<String, Object> configs) {
    return AdminClient.create(configs);
  }

  /** Creates topics. */
  CreateTopicsResult createTopics(Collection<NewTopic> topics);

  /** Deletes topics and their records. */
  DeleteTopicsResult deleteTopics(Collection<String> topics);

  /** Lists topics, but not those that nodes keep for themselves. */
  ListTopicsResult listTopics();

  /** Describes topics. */
  DescribeTopicsResult describeTopics(Collection<String> topics);

  /** Gives topics more partitions; a key may then go to another one. */
  CreatePartitionsResult createPartitions(Map<String, NewPartitions> partitions);

  /**
   * Deletes the records of partitions before an offset, for good; each for itself. A partition that
   * begins there or later already is left as it is.
   */
  DeleteRecordsResult deleteRecords(Map<TopicPartition, RecordsToDelete> records);

  /** Finds offsets. If a topic or partition is not there, nothing is said of the others. */
  ListOffsetsResult listOffsets(Map<TopicPartition, OffsetSpec> wanted);

  /** Lists groups, whatever they are and do. */
  ListConsumerGroupsResult listConsumerGroups();

  /** Describes groups with their members. */
  DescribeConsumerGroupsResult describeConsumerGroups(Collection<String> groupIds);

  /** Lists what a group has committed. */
  ListConsumerGroupOffsetsResult listConsumerGroupOffsets(String groupId);

  /** Lists what groups have committed. */
  ListConsumerGroupOffsetsResult listConsumerGroupOffsets(
      Map<String, ListConsumerGroupOffsetsSpec> groups);

  /**
   * Lets a group without members go on at these offsets, or makes a group that does; others stay as
   * they are. Fails if the group has members, if one of the offsets is not kept, or if metadata
   * goes with one, which only a consumer commits.
   */
  AlterConsumerGroupOffsetsResult alterConsumerGroupOffsets(
      String groupId, Map<TopicPartition, OffsetAndMetadata> offsets);

  /**
   * Forgets what a group has committed in these partitions; a group without members goes with the
   * last of it. Fails, and forgets nothing, if a member subscribes to one of the topics.
   */
  DeleteConsumerGroupOffsetsResult deleteConsumerGroupOffsets(
      String groupId, Set<TopicPartition> partitions);

  /**
   * Takes members out of a group without waiting for their sessions to end. Those that live come
   * again.
   */
  RemoveMembersFromConsumerGroupResult removeMembersFromConsumerGroup(
      String groupId, RemoveMembersFromConsumerGroupOptions options);

  /** Deletes groups without members, and what they have committed. */
  DeleteConsumerGroupsResult deleteConsumerGroups(Collection<String> groupIds);

  /** Says which nodes the cluster has. */
  DescribeClusterResult describeCluster();

  /** Ends its connections. */
  @Override
  void close();

  /** The same; it never takes long. */
  void close(Duration timeout);
}
