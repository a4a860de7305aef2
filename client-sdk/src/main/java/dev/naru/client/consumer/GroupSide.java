package dev.naru.client.consumer;

import dev.naru.client.TopicPartition;
import dev.naru.client.core.Processed.Place;
import dev.naru.client.core.Reading;
import dev.naru.client.core.Subscription;
import java.util.Collection;
import java.util.Optional;

/**
 * What a consumer with a {@code group.id} does besides reading: it is a member while it subscribes,
 * and keeps the group's place in what it reads. Owned by the thread that polls.
 */
public interface GroupSide {

  /** Hears nothing. */
  RebalanceListener NO_LISTENER =
      new RebalanceListener() {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
      };

  /** Whether it is a member, or about to be one. */
  boolean isSubscribed();

  /** What it wants to read. */
  Optional<Subscription> subscription();

  /** As what the group knows it. */
  GroupMembershipInfo info();

  /** Reads what the group grants of these, from the next poll on. */
  void subscribe(Subscription wanted, Optional<RebalanceListener> listener);

  /** Gives everything back and leaves the group, if it is subscribed. */
  void leave();

  /** A partition that the application reads by itself begins where the group was. */
  void assigned(Reading reading);

  /** The application reads these no more. */
  void unassigned(Collection<TopicPartition> partitions);

  /** The application goes on at this offset. */
  void sought(Reading reading, Place to);

  /** The application goes on at a place that is not known as an offset yet. */
  void sought(Reading reading);

  /** Records from here on were handed out, and come again. */
  void putBack(Reading reading, Place from);

  /** Waits until it is known where a partition begins, unless it is. */
  void awaitStart(TopicPartition partition);

  /** How far it is. */
  GroupProgress progress();

  /**
   * Ends a call in which the application was called back.
   *
   * @throws RuntimeException what the first callback threw that failed
   */
  void throwWhatWasThrown();
}
