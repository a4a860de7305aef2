package dev.naru.client.mock;

import dev.naru.client.core.StickyPartitioner;
import dev.naru.client.core.TopicView;
import dev.naru.client.producer.PartitionChoice;

/** Where one producer sends records without a key next. Guarded by the producer. */
final class MockTopicLanes implements PartitionChoice.Partitions {

  private final TopicView topic;
  private final StickyPartitioner sticky;
  private int next;

  /** Begins at the first partition, unlike the real one: so a test knows where records go. */
  MockTopicLanes(TopicView topic, int batchBytes) {
    this.topic = topic;
    this.sticky = new StickyPartitioner(topic.partitionCount(), batchBytes, () -> batchBytes, 0);
  }

  TopicView topic() {
    return topic;
  }

  @Override
  public String name() {
    return topic.name();
  }

  @Override
  public int partitionCount() {
    return topic.partitionCount();
  }

  @Override
  public int nextPartition() {
    return next++ % topic.partitionCount();
  }

  int stickyPartition() {
    return sticky.current();
  }

  void appended(int partition, long bytes) {
    sticky.appended(partition, (int) bytes, any -> true);
  }
}
