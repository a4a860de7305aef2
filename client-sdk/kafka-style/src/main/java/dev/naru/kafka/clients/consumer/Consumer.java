package dev.naru.kafka.clients.consumer;

import dev.naru.kafka.common.PartitionInfo;
import dev.naru.kafka.common.TopicPartition;
import java.io.Closeable;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads records. Belongs to one thread at a time, but for {@link #wakeup}. Calls that ask the
 * cluster wait for at most {@code request.timeout.ms}, commits and {@link #committed} for {@code
 * default.api.timeout.ms}.
 */
public interface Consumer<K, V> extends Closeable {

  /** The partitions that are read. */
  Set<TopicPartition> assignment();

  /** The topics that are subscribed to, or those of the pattern that are read. */
  Set<String> subscription();

  /** Reads what the group grants of these; none of them ends the subscription. */
  void subscribe(Collection<String> topics);

  /** The same, and calls this when partitions move. */
  void subscribe(Collection<String> topics, ConsumerRebalanceListener listener);

  /** The same of all topics with such a name. */
  void subscribe(Pattern pattern);

  /** The same of all topics with such a name, and calls this when partitions move. */
  void subscribe(Pattern pattern, ConsumerRebalanceListener listener);

  /** Reads these and no others; none of them ends reading. */
  void assign(Collection<TopicPartition> partitions);

  /** Gives everything back. */
  void unsubscribe();

  /** The next records; none if there are none within this time. */
  ConsumerRecords<K, V> poll(Duration timeout);

  /** Commits what polls have returned, and waits. */
  void commitSync();

  /** Commits these, and waits. */
  void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets);

  /** Commits what polls have returned. */
  void commitAsync();

  /** Commits what polls have returned, and calls this afterwards. */
  void commitAsync(@Nullable OffsetCommitCallback callback);

  /** Commits these, and calls this afterwards. */
  void commitAsync(
      Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable OffsetCommitCallback callback);

  /** Goes on at this offset. */
  void seek(TopicPartition partition, long offset);

  /** Goes on at this position. */
  void seek(TopicPartition partition, OffsetAndMetadata position);

  /** Goes on at the first record that is kept; for none of them, of all that are read. */
  void seekToBeginning(Collection<TopicPartition> partitions);

  /** Goes on after the last record; for none of them, of all that are read. */
  void seekToEnd(Collection<TopicPartition> partitions);

  /** The offset of the next record. */
  long position(TopicPartition partition);

  /** What the group has committed; null where it has not. */
  Map<TopicPartition, @Nullable OffsetAndMetadata> committed(Set<TopicPartition> partitions);

  /** The partitions of a topic. Asks the cluster. */
  List<PartitionInfo> partitionsFor(String topic);

  /** All topics. Asks the cluster. */
  Map<String, List<PartitionInfo>> listTopics();

  /** Those that are paused. */
  Set<TopicPartition> paused();

  /** Returns no records of these until they are resumed. */
  void pause(Collection<TopicPartition> partitions);

  /** Returns records of these again. */
  void resume(Collection<TopicPartition> partitions);

  /** The first record at or after a time in milliseconds; null where there is none. */
  Map<TopicPartition, @Nullable OffsetAndTimestamp> offsetsForTimes(
      Map<TopicPartition, Long> timestamps);

  /** The first offset that is kept, for each. */
  Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions);

  /** The high watermark, for each. */
  Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions);

  /** How far the position is behind the end. */
  OptionalLong currentLag(TopicPartition partition);

  /** This consumer as a member of its group. */
  ConsumerGroupMetadata groupMetadata();

  /** Closes within 30 s. */
  @Override
  void close();

  /** Gives everything back and leaves the group, within this time. */
  void close(Duration timeout);

  /** The poll that waits now, or else the next one, throws a {@code WakeupException}. */
  void wakeup();
}
