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
 * Reads records. Belongs to one thread at a time: every call but {@link #wakeup} throws {@link
 * IllegalStateException} while another one runs, and after {@link #close}. Calls that ask the
 * cluster wait for at most {@code request.timeout.ms}, commits and {@link #committed} for {@code
 * default.api.timeout.ms}, and then throw a {@link dev.naru.kafka.common.errors.TimeoutException},
 * or an {@link dev.naru.kafka.common.errors.InterruptException} if the thread is interrupted. What
 * the cluster refuses is another {@link dev.naru.kafka.common.KafkaException}.
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

  /**
   * The next records, at most {@code max.poll.records}; none if there are none within this time.
   * With {@code enable.auto.commit} it commits every {@code auto.commit.interval.ms} what earlier
   * polls have returned. Listeners and callbacks of commits are called here.
   *
   * @throws dev.naru.kafka.common.errors.RecordDeserializationException if the next record of a
   *     partition does not deserialize, until a seek past it; those before it were returned
   * @throws dev.naru.kafka.common.errors.WakeupException after {@link #wakeup}
   * @throws dev.naru.kafka.common.errors.InterruptException if the thread is interrupted
   * @throws InvalidOffsetException if a partition has no position, or one outside of the log or of
   *     history that was cut, and nothing says where to go on; until a seek
   * @throws dev.naru.kafka.common.KafkaException if the group refuses this consumer for good
   * @throws IllegalStateException without a subscription or assignment
   * @throws RuntimeException what a listener or callback throws, after the change is complete
   */
  ConsumerRecords<K, V> poll(Duration timeout);

  /**
   * Commits what polls have returned, all of it, and waits for at most {@code
   * default.api.timeout.ms}. Callbacks of earlier commits are called here.
   *
   * @throws CommitFailedException if partitions are not this member's any more
   * @throws dev.naru.kafka.common.errors.TimeoutException if it is not known whether they were
   *     committed
   * @throws dev.naru.kafka.common.errors.InterruptException the same, if the thread is interrupted
   * @throws dev.naru.kafka.common.errors.InvalidGroupIdException without a {@code group.id}
   */
  void commitSync();

  /**
   * Commits these, and waits; of each the offset of the first record that is not processed. Fails
   * as {@link #commitSync()}.
   */
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

  /** The partitions of a topic. Asks the cluster, and waits also if the thread is interrupted. */
  List<PartitionInfo> partitionsFor(String topic);

  /** All topics. Asks the cluster, and waits also if the thread is interrupted. */
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
