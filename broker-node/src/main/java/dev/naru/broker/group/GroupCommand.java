package dev.naru.broker.group;

import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * What is asked of a group. Carries all that deciding needs and is not in the image: the time, the
 * topics, and of the members' streams what the coordinator alone can know.
 */
public sealed interface GroupCommand {

  /**
   * A member comes, or comes again after its stream broke.
   *
   * @param knownEpoch the newest it was told; 0 if it is new, if it never got an answer, or if it
   *     has given up all it had
   * @param attempt rises with every join that the member sends, from 1 on: a join that took its
   *     time on a stream that was given up is told by it from a later one
   * @param holding what it has in its hands, under that epoch; nothing at 0
   * @param offers of a classic member, best liked first
   * @param isInstanceAttended whether another member with its instance id has a stream now
   * @param topics those that any member, or this one, wants to read
   */
  record Join(
      MemberId member,
      int knownEpoch,
      int attempt,
      GroupProtocol protocol,
      MemberProfile profile,
      TreePSet<String> subscription,
      TreePSet<PartitionId> holding,
      List<ClassicOffer> offers,
      boolean isInstanceAttended,
      TopicsSeen topics,
      long nowMillis)
      implements GroupCommand {

    /** Keeps its own copy of the offers. */
    public Join {
      offers = List.copyOf(offers);
    }

    /** Whether the member says that it has given back, or lost, all it ever had. */
    public boolean isEmptyHanded() {
      return knownEpoch == 0 || (protocol == GroupProtocol.CLASSIC && holding.isEmpty());
    }

    Wishes wishes() {
      return new Wishes(
          profile, subscription, protocol == GroupProtocol.CLASSIC ? offers : List.of());
    }
  }

  /** Of what a member was told up to this epoch, it now has exactly these in its hands. */
  record Holding(MemberId member, int epoch, TreePSet<PartitionId> partitions)
      implements GroupCommand {}

  /** A member wants to read other topics. */
  record Subscribe(MemberId member, TreePSet<String> subscription, TopicsSeen topics)
      implements GroupCommand {}

  /**
   * A member stops, and has given up all it had.
   *
   * @param stays its place is to be kept
   */
  record Leave(MemberId member, boolean stays, TopicsSeen topics, long nowMillis)
      implements GroupCommand {}

  /**
   * The coordinator takes a member out. It must have stopped by itself: it was silent for a
   * session, or has not been told that it is heard for one. See the package for how.
   */
  record Expire(MemberId member, Cause cause, TopicsSeen topics, long nowMillis)
      implements GroupCommand {}

  /**
   * It is time to share anew, or topics may have changed. Nothing happens when none is due and the
   * topics are as they were: so it may be asked at any time, as by a coordinator that is new.
   *
   * @param topics as they are now
   * @param computed a target that was computed beside the loop; none if it is to be done now
   */
  record Retarget(Cause cause, TopicsSeen topics, Optional<Computed> computed)
      implements GroupCommand {}

  /**
   * A target that was computed from an image.
   *
   * @param basedOn that image's interest epoch
   * @param topics those that it shares out
   */
  record Computed(Target target, int basedOn, TopicsSeen topics) {}

  /** The leader of a classic group says who reads what; any other member that it is waiting. */
  record Sync(MemberId member, int generation, TreePMap<MemberId, Opaque> assignments)
      implements GroupCommand {}

  /**
   * Time is up for a phase of a classic group's round: for its members to come, or for its leader
   * to say who reads what. Nothing happens if that phase is over.
   *
   * <p>Members that have not come are taken out. They may still read what they were given before:
   * so time is up only when each of them has surely stopped, one session after the last message of
   * its own that it knows to be heard. See the package for how.
   *
   * @param generation for which the time was set
   * @param phase for which the time was set
   */
  record CloseRound(int generation, ClassicPhase phase, TopicsSeen topics, long nowMillis)
      implements GroupCommand {}

  /**
   * Offsets to remember.
   *
   * @param member who read so far; none for an application that assigns partitions itself
   * @param epoch the newest the member was told
   * @param offsets each with the time of this command
   * @param topics what is known of theirs
   */
  record Commit(
      Optional<MemberId> member,
      int epoch,
      TreePMap<PartitionId, Committed> offsets,
      KnownTopics topics,
      long nowMillis)
      implements GroupCommand {}

  /** An operator sets a group's offsets. The components are those of {@link Commit}. */
  record Reset(TreePMap<PartitionId, Committed> offsets, KnownTopics topics, long nowMillis)
      implements GroupCommand {}

  /**
   * What a node knows of the topics of a commit.
   *
   * @param partitions how many those have that exist
   * @param deleted those that existed, and do no more
   */
  record KnownTopics(TreePMap<TopicId, Integer> partitions, TreePSet<TopicId> deleted) {}

  /**
   * An operator has offsets forgotten, of topics that no member subscribes to. Repeat it until
   * nothing happens; the group goes with its last offset, if it has no members.
   *
   * @param partitions with the names of their topics, by which members subscribe
   */
  record DeleteOffsets(TreePMap<PartitionId, String> partitions) implements GroupCommand {}

  /**
   * An operator deletes a group. Done when the group does not exist: repeat it until then. Whoever
   * joins between two portions keeps the group, without the offsets that are gone by then.
   */
  record Delete() implements GroupCommand {}

  /** Forget what nobody has used for this long; repeat it until nothing happens. */
  record ForgetOffsets(Duration retention, long nowMillis) implements GroupCommand {}

  /** Forget the offsets of deleted topics; repeat it until nothing happens. */
  record ForgetTopics(TreePSet<TopicId> dead) implements GroupCommand {}
}
