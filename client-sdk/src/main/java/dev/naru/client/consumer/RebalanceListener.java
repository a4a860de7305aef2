package dev.naru.client.consumer;

import dev.naru.client.TopicPartition;
import java.util.Collection;

/**
 * Hears what becomes of the partitions of a subscribed consumer. It is called by the thread that
 * calls {@code poll} or {@code close}, within that call, and may itself call the consumer, but not
 * {@code poll}, {@code assign}, {@code subscribe}, {@code unsubscribe} and {@code close}. What it
 * throws ends that call, after the change is complete.
 */
public interface RebalanceListener {

  /**
   * These are about to be given to other members, and are still this one's: what is committed now,
   * also without waiting, is where those begin.
   */
  void onPartitionsRevoked(Collection<TopicPartition> partitions);

  /**
   * These are read from now on, from their committed positions unless this seeks elsewhere. Not
   * called for none: a member that is given nothing hears nothing.
   */
  void onPartitionsAssigned(Collection<TopicPartition> partitions);

  /**
   * These were taken away: other members may read them already, and nothing can be committed for
   * them any more. By default nothing is done. It is not {@link #onPartitionsRevoked}, which would
   * commit.
   */
  default void onPartitionsLost(Collection<TopicPartition> partitions) {}

  /**
   * Records {@code [from, to)}, which were read or committed as read, are not part of the log any
   * more. Reading goes on at {@code from}. A listener without this method lets {@code poll} throw
   * {@link dev.naru.client.DataLossException} instead.
   *
   * @return whether reading is to go on
   */
  default boolean onHistoryCut(TopicPartition partition, long from, long to) {
    return false;
  }

  /**
   * Records {@code [from, to)} were deleted before they were read, by retention or by somebody.
   * Reading goes on at {@code to}, as {@code auto.offset.reset} has it.
   */
  default void onRecordsExpired(TopicPartition partition, long from, long to) {}
}
