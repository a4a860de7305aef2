package dev.naru.client.consumer;

import dev.naru.client.ConsumerRecord;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads records of the partitions assigned to it, each in the order of its offsets. Belongs to one
 * thread at a time: every call but {@link #wakeup} throws {@link IllegalStateException} while
 * another one runs, and after {@link #close}.
 *
 * <p>Calls that ask the cluster (those that return partitions, offsets or a position, and {@link
 * #readUntil}) wait for at most {@code request.timeout.ms} and then throw {@link
 * dev.naru.client.NaruTimeoutException}; what the cluster refuses is a {@link
 * dev.naru.client.NaruException} with its code. {@code seek}, {@code position}, {@code lag}, {@code
 * pause}, {@code resume} and {@code readUntil} want an assigned partition, else they throw {@link
 * IllegalStateException}.
 */
public interface Consumer<K, V> extends AutoCloseable {

  /** Reads these partitions from now on, and no others. Those that stay keep their positions. */
  void assign(Collection<TopicPartition> partitions);

  /** Reads these partitions from now on, and no others. */
  default void assign(TopicPartition... partitions) {
    assign(List.of(partitions));
  }

  /** The partitions that are read. */
  Set<TopicPartition> assignment();

  /** All partitions of a topic, in order of their numbers. Asks the cluster. */
  List<TopicPartition> partitionsOf(String topic);

  /**
   * Returns the next records, at most {@code max.poll.records}; waits no longer than this for the
   * first. Records of one partition are in order. Positions move past what is returned, and only
   * then. Returns none when the limit has passed, after {@link #wakeup}, at the stop, and when the
   * thread is interrupted, whose flag stays set.
   *
   * @throws dev.naru.client.OffsetOutOfRangeException if a position is outside the log and nothing
   *     says where to go on
   * @throws dev.naru.client.DataLossException if what was read before is no longer part of the log
   * @throws dev.naru.client.NaruException with {@code CORRUPT_RECORD} and {@code details()} {@code
   *     offset} and {@code next.offset} for records that cannot be read; {@code seek} to the latter
   *     steps over them. Records before them were returned by earlier calls.
   */
  List<ConsumerRecord<K, V>> poll(Duration limit);

  /** Goes on at this offset. */
  void seek(TopicPartition partition, long offset);

  /** Goes on at the first record that is kept. */
  void seekToBeginning(TopicPartition... partitions);

  /** Goes on after the last record that is there when it takes effect, in the next poll. */
  void seekToEnd(TopicPartition... partitions);

  /** Goes on at the first record at or after this time, or at the end if there is none. */
  void seekToTime(TopicPartition partition, Instant time);

  /** Offset of the next record; asks the cluster when a seek by name or time is not settled yet. */
  long position(TopicPartition partition);

  /** The first offset that is kept, for each. Asks the cluster. */
  Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions);

  /** The high watermark, for each. Asks the cluster. */
  Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions);

  /**
   * The first record at or after a time; partitions without one are absent from the result. Asks
   * the cluster.
   */
  Map<TopicPartition, OffsetAndTime> offsetsForTimes(Map<TopicPartition, Instant> times);

  /** How far the position is behind the high watermark last seen; empty before the first answer. */
  OptionalLong lag(TopicPartition partition);

  /** Returns no records of these until they are resumed. */
  void pause(TopicPartition... partitions);

  /** Returns records of these again. */
  void resume(TopicPartition... partitions);

  /** The partitions that are paused. */
  Set<TopicPartition> paused();

  /** Returns no record of this partition at or after the place, which is settled now. */
  void readUntil(TopicPartition partition, Position stop);

  /** Returns no record at or after the place, in any partition assigned now. */
  default void readUntil(Position stop) {
    assignment().forEach(partition -> readUntil(partition, stop));
  }

  /** Whether every partition assigned has a stop and has been read up to it. */
  boolean isAtStop();

  /**
   * Makes the poll that waits now, or else the next one, return at once. Any thread may call it.
   */
  void wakeup();

  /** Stops reading. Positions are not kept anywhere. */
  @Override
  void close();
}
