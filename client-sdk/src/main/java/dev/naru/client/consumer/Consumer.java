package dev.naru.client.consumer;

import dev.naru.client.ConsumerRecord;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.core.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads records of the partitions assigned to it, each in the order of its offsets: those that the
 * application names, or, with {@link #subscribe}, those that its group grants. Belongs to one
 * thread at a time: every call but {@link #wakeup} throws {@link IllegalStateException} while
 * another one runs, and after {@link #close}. A {@link RebalanceListener} or {@link CommitCallback}
 * may call it within the call that calls them, but for {@code poll}, {@code assign}, {@code
 * subscribe}, {@code unsubscribe} and {@code close}.
 *
 * <p>With {@code enable.auto.commit}, which is the default, {@code poll} commits every {@code
 * auto.commit.interval.ms} what earlier polls have returned: whoever polls again is done with it.
 * What the last poll returned is committed by nobody unless the application polls again or commits
 * it. So a consumer that is closed after a failure does not commit what failed; one that ends well
 * calls {@link #commit()} before {@link #close}, or reads the last batch again.
 *
 * <p>Where the group has no position yet, the one that {@code auto.offset.reset} chooses is
 * committed before the first record is returned, also without {@code enable.auto.commit}: a member
 * that ends before its first commit would else leave nothing to go on from.
 *
 * <p>Calls that ask the cluster (those that return partitions, offsets or a position, and {@link
 * #readUntil}) wait for at most {@code request.timeout.ms} and then throw {@link
 * dev.naru.client.NaruTimeoutException}; what the cluster refuses is a {@link
 * dev.naru.client.NaruException} with its code. {@code seek}, {@code putBack}, {@code position},
 * {@code lag}, {@code pause}, {@code resume} and {@code readUntil} want an assigned partition, else
 * they throw {@link IllegalStateException}.
 */
public interface Consumer<K, V> extends AutoCloseable {

  /**
   * Reads these partitions from now on, and no others. Those that stay keep their positions; with a
   * {@code group.id} the others begin where the group has committed. Commits that are under way are
   * not waited for: what is assigned away and back may be read twice.
   *
   * @throws IllegalStateException while subscribed
   */
  void assign(Collection<TopicPartition> partitions);

  /** Reads these partitions from now on, and no others. */
  default void assign(TopicPartition... partitions) {
    assign(List.of(partitions));
  }

  /** The partitions that are read. */
  Set<TopicPartition> assignment();

  /**
   * Reads what the group grants of these topics, at most 1,000; those that do not exist yet are
   * read when they do. Takes effect with the next polls, in which the listener is called. Replaces
   * what was subscribed to before, and the listener.
   *
   * @throws dev.naru.client.NaruException with {@code INVALID_GROUP_ID} without a {@code group.id}
   * @throws IllegalStateException while partitions are assigned by the application
   */
  void subscribe(Collection<String> topics, RebalanceListener listener);

  /** The same without a listener. */
  void subscribe(Collection<String> topics);

  /** The same without a listener. */
  default void subscribe(String... topics) {
    subscribe(List.of(topics));
  }

  /**
   * The same for all topics whose whole name matches, but internal ones. Looked up every {@code
   * metadata.max.age.ms}, and at most every 30 s.
   */
  void subscribe(Pattern names, RebalanceListener listener);

  /** The same without a listener. */
  void subscribe(Pattern names);

  /**
   * Gives everything back and leaves the group, as {@link #close} does, or ends an assignment. The
   * consumer can be used again.
   */
  void unsubscribe();

  /** What is subscribed to, if anything. */
  Optional<Subscription> subscription();

  /**
   * This consumer as a member of its group.
   *
   * @throws dev.naru.client.NaruException with {@code INVALID_GROUP_ID} without a {@code group.id}
   */
  GroupMembershipInfo group();

  /** All partitions of a topic, in order of their numbers. Asks the cluster. */
  List<TopicPartition> partitionsOf(String topic);

  /**
   * Returns the next records, at most {@code max.poll.records}; waits no longer than this for the
   * first. Records of one partition are in order. Positions move past what is returned, and only
   * then. Returns none when the limit has passed, after {@link #wakeup}, at the stop, and when the
   * thread is interrupted, whose flag stays set.
   *
   * <p>While one partition has failed, every poll throws why, although others may have records:
   * {@code seek} that one on, {@code pause} it, or {@code assign} the others.
   *
   * @throws IllegalStateException if another thread has closed the client meanwhile
   * @throws dev.naru.client.OffsetOutOfRangeException if a position is outside the log and nothing
   *     says where to go on
   * @throws dev.naru.client.DataLossException if what was read before is no longer part of the log
   * @throws dev.naru.client.NaruException with {@code CORRUPT_RECORD} and {@code details()} {@code
   *     offset} and {@code next.offset} for records that cannot be read; {@code seek} to the latter
   *     steps over them. Records before them were returned by earlier calls.
   * @throws dev.naru.client.NaruException if the group refuses this consumer for good, such as with
   *     {@code INSTANCE_ID_IN_USE}; until the next {@code subscribe}
   * @throws RuntimeException what a listener or callback throws, after the change is complete
   */
  List<ConsumerRecord<K, V>> poll(Duration limit);

  /** Goes on at this offset. */
  void seek(TopicPartition partition, long offset);

  /** Goes on at this position, and notices if the records before it are not part of the log. */
  void seek(TopicPartition partition, OffsetAndMetadata position);

  /**
   * Puts back records that polls have returned and the application did not come to: the next poll
   * begins with them, and {@link #commit()} commits what is before them. A {@link #seek} to the
   * same place says that the application is done with all that is before it; this says nothing of
   * it, so that a close right afterwards commits none of the last poll's records. Asks nobody.
   *
   * @param from the offset of the first of them; its epoch is that of the record before it, if that
   *     is known
   * @throws IllegalArgumentException if it is beyond the position, or that is not known
   * @throws IllegalStateException if the partition is not assigned
   */
  void putBack(TopicPartition partition, OffsetAndMetadata from);

  /** Goes on at the first record that is kept. */
  void seekToBeginning(TopicPartition... partitions);

  /** Goes on after the last record that is there when it takes effect, in the next poll. */
  void seekToEnd(TopicPartition... partitions);

  /** Goes on at the first record at or after this time, or at the end if there is none. */
  void seekToTime(TopicPartition partition, Instant time);

  /**
   * Offset of the next record; asks the cluster when a seek by name or time is not settled yet.
   *
   * @throws dev.naru.client.NaruException the failure of a partition that has no position, which
   *     polls throw, too
   */
  long position(TopicPartition partition);

  /**
   * Commits what polls have returned, all of it, and waits for at most {@code
   * default.api.timeout.ms}.
   *
   * @throws dev.naru.client.NaruException with {@code INVALID_GROUP_ID} without a {@code group.id};
   *     with {@code FENCED_MEMBER} if partitions are not this member's any more
   * @throws dev.naru.client.NaruTimeoutException if it is not known whether they were committed
   */
  void commit();

  /** Commits these positions: of each, the offset of the first record that is not processed. */
  void commit(Map<TopicPartition, OffsetAndMetadata> offsets);

  /** The same as {@link #commit()}. */
  default void commitSync() {
    commit();
  }

  /** The same as {@link #commit(Map)}. */
  default void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
    commit(offsets);
  }

  /**
   * Commits what polls have returned, and does not wait. One commit is under way at a time; of
   * those that wait, the newest position of each partition is committed. At most 10,000 wait. The
   * group gives a partition to nobody else while a commit of it is under way: it hears that the
   * partition is given back in the first poll after the answer, or after 5 s. A close waits as long
   * as it may take.
   */
  void commitAsync();

  /** The same, and calls this afterwards, within a poll, a commit or the close. */
  void commitAsync(CommitCallback callback);

  /** The same with these positions. */
  void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, CommitCallback callback);

  /**
   * What the group has committed; partitions without a position are absent. Asks the cluster, for
   * at most {@code default.api.timeout.ms}: an answer that is not certain is none.
   */
  Map<TopicPartition, OffsetAndMetadata> committed(Collection<TopicPartition> partitions);

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
   * Makes the poll that waits now, or else the next one, return at once, with no records or those
   * that are there. Nothing is thrown, and no other call is interrupted. Any thread may call it.
   */
  void wakeup();

  /** Closes within 30 s. */
  @Override
  default void close() {
    close(Duration.ofSeconds(30));
  }

  /**
   * Stops reading. A member of a group commits what was processed, if that happens by itself, gives
   * its partitions back, for which its listener is called, and leaves: after that the others read
   * them at once. With a {@code group.instance.id} its partitions wait for it to come back, for
   * {@code session.timeout.ms}. Waits no longer than this, nor do commits of its listener; what is
   * not heard by then the others find out when the session is over.
   *
   * @throws RuntimeException what a listener or callback throws, after all is closed
   */
  void close(Duration limit);
}
