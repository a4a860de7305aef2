package dev.naru.client.admin;

import dev.naru.client.TopicPartition;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/**
 * A member of a group.
 *
 * @param instance its {@code group.instance.id}, if it is a static one
 * @param clientId its {@code client.id}
 * @param host the host it calls from
 * @param epoch at which what it may hold last changed
 * @param partitions what it holds; of a classic group only its members know
 */
public record MemberDescription(
    UUID id,
    Optional<String> instance,
    String clientId,
    String host,
    State state,
    int epoch,
    SortedSet<TopicPartition> partitions) {

  /** Keeps a copy. */
  public MemberDescription {
    partitions = Collections.unmodifiableSortedSet(new TreeSet<>(partitions));
  }

  /** What a member does. */
  public enum State {
    /** It holds what it is to hold. */
    ACTIVE,
    /** There is nothing for it; it takes over when another one goes. */
    IDLE_STANDBY,
    /** It is gone, and its place is kept. */
    AWAY,
    /** It has something to give back, or waits for something. */
    RECONCILING
  }
}
