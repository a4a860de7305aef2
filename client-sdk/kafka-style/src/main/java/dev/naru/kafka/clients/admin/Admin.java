package dev.naru.kafka.clients.admin;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Properties;

/** Topics of a cluster. Any number of threads may share one. */
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

  /** Ends its connections. */
  @Override
  void close();

  /** The same; it never takes long. */
  void close(Duration timeout);
}
