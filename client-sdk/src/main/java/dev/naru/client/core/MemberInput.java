package dev.naru.client.core;

import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What happens to a {@link Membership}. */
public sealed interface MemberInput {

  /** Has the membership do what follows. */
  void turn(Membership member, long nowNanos, List<MemberEffect> effects);

  /** Time has passed. */
  record Tick() implements MemberInput {
    @Override
    public void turn(Membership member, long nowNanos, List<MemberEffect> effects) {
      member.onTick(nowNanos, effects);
    }
  }

  /** The application polls. */
  record Polled() implements MemberInput {
    @Override
    public void turn(Membership member, long nowNanos, List<MemberEffect> effects) {
      member.onPolled(nowNanos, effects);
    }
  }

  /** The application wants to read these topics; it becomes a member when it next polls. */
  record Subscribed(SortedSet<String> topics) implements MemberInput {

    /** Keeps its own set. */
    public Subscribed {
      topics = Collections.unmodifiableSortedSet(new TreeSet<>(topics));
    }

    @Override
    public void turn(Membership member, long nowNanos, List<MemberEffect> effects) {
      member.onSubscribed(topics, nowNanos, effects);
    }
  }

  /** The thread that polls has done as it was told. */
  record Holds(Held held) implements MemberInput {
    @Override
    public void turn(Membership member, long nowNanos, List<MemberEffect> effects) {
      member.onHolds(held, nowNanos, effects);
    }
  }

  /** The application goes, and has given back what it held. */
  record Leaving(String cause) implements MemberInput {
    @Override
    public void turn(Membership member, long nowNanos, List<MemberEffect> effects) {
      member.onLeaving(cause, nowNanos, effects);
    }
  }

  /** The coordinator was found and a stream to it opened. */
  record Opened(int stream) implements MemberInput {
    @Override
    public void turn(Membership member, long nowNanos, List<MemberEffect> effects) {
      member.onOpened(stream, nowNanos, effects);
    }
  }

  /** There is no coordinator, or no stream to it any more. */
  record Broken(int stream, Refused why) implements MemberInput {
    @Override
    public void turn(Membership member, long nowNanos, List<MemberEffect> effects) {
      member.onBroken(stream, why, nowNanos, effects);
    }
  }

  /**
   * The coordinator takes it as a member.
   *
   * @param heard as in every answer. Zero prolongs nothing: whoever says so does not know whether
   *     it still leads, and another one may have given the partitions away
   * @param heartbeatNanos how often it wants to hear of it
   */
  record Accepted(int stream, long heard, int epoch, long heartbeatNanos) implements MemberInput {
    @Override
    public void turn(Membership member, long nowNanos, List<MemberEffect> effects) {
      member.onAccepted(this);
    }
  }

  /** All that it may read now. */
  record Assigned(int stream, long heard, int epoch, SortedMap<PartitionId, Grant> grants)
      implements MemberInput {

    /** Keeps its own map. */
    public Assigned {
      grants = Collections.unmodifiableSortedMap(new TreeMap<>(grants));
    }

    @Override
    public void turn(Membership member, long nowNanos, List<MemberEffect> effects) {
      member.onAssigned(this, effects);
    }
  }

  /**
   * It is to give back everything, and to join anew once it has: a classic group begins another
   * round.
   *
   * @param epoch above the one that it was told before
   */
  record GivesBackAll(int stream, long heard, int epoch) implements MemberInput {
    @Override
    public void turn(Membership member, long nowNanos, List<MemberEffect> effects) {
      member.onGivesBackAll(this, effects);
    }
  }

  /** It has worked out what the members of its classic group get. */
  record Syncs(MemberMessage.Sync result) implements MemberInput {
    @Override
    public void turn(Membership member, long nowNanos, List<MemberEffect> effects) {
      member.onSyncs(result, nowNanos, effects);
    }
  }

  /** The coordinator has heard everything up to this. */
  record Heard(int stream, long heard) implements MemberInput {
    @Override
    public void turn(Membership member, long nowNanos, List<MemberEffect> effects) {
      member.onHeard(stream, heard, effects);
    }
  }
}
