package dev.naru.broker.coordinator;

import dev.naru.broker.group.ClassicOffer;
import dev.naru.broker.group.Committed;
import dev.naru.broker.group.GroupImage;
import dev.naru.broker.group.GroupProtocol;
import dev.naru.broker.group.MemberId;
import dev.naru.broker.group.MemberProfile;
import dev.naru.broker.group.Target;
import dev.naru.broker.group.TopicsSeen;
import dev.naru.broker.partition.TenantInput;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * What can be asked of a {@link GroupShard}, and what comes back to it of what it has begun. Who is
 * to be answered by a consumer is answered once, on the loop, unless the shard ends first for a
 * fault.
 */
public sealed interface ShardInput extends TenantInput {

  /**
   * The first message of a member's stream.
   *
   * @param sequence of that message
   * @param knownEpoch the newest the member was told; 0 if it has nothing
   * @param attempt rises with every join that the member sends
   * @param holding what it has in its hands, under that epoch
   */
  record Attends(
      MemberStream stream,
      long sequence,
      String group,
      MemberId member,
      int knownEpoch,
      int attempt,
      GroupProtocol protocol,
      MemberProfile profile,
      TreePSet<String> subscription,
      TreePSet<PartitionId> holding,
      List<ClassicOffer> offers)
      implements ShardInput {

    /** Keeps its own copy of the offers. */
    public Attends {
      offers = List.copyOf(offers);
    }
  }

  /** Any later message of a member's stream. */
  record Says(MemberStream stream, long sequence, FromMember message) implements ShardInput {}

  /** A member's stream has ended, which is no leave. */
  record StreamEnded(MemberStream stream) implements ShardInput {}

  /** Offsets are to be kept. The components are those of {@link Commits}. */
  record CommitAsked(Commits commits, Consumer<CommitAnswer> answer) implements ShardInput {}

  /**
   * Offsets to keep.
   *
   * @param member who read so far; none for an application that assigns partitions itself
   * @param epoch the newest the member was told; in a classic group its generation
   */
  record Commits(
      String group,
      Optional<MemberId> member,
      int epoch,
      TreePMap<PartitionId, Committed> offsets) {}

  /** What became of the offsets. */
  sealed interface CommitAnswer {

    /** All are kept but these. */
    record Kept(TreePMap<PartitionId, Refused> refused) implements CommitAnswer {}

    /** None is known to be kept, and why. */
    record NotKept(Refused why) implements CommitAnswer {}
  }

  /**
   * Somebody wants to know what was kept.
   *
   * @param partitions of these; of all if there are none given
   */
  record OffsetsAsked(
      String group, Optional<TreePSet<PartitionId>> partitions, Consumer<OffsetsAnswer> answer)
      implements ShardInput {}

  /** What was kept. */
  sealed interface OffsetsAnswer {

    /** These; what is absent was never kept, or was forgotten: that is known for certain. */
    record Found(TreePMap<PartitionId, Committed> offsets) implements OffsetsAnswer {}

    /** It is not known, and why. */
    record Unknown(Refused why) implements OffsetsAnswer {}
  }

  /** An operator deletes a group; told nothing once it is gone, else why it is not. */
  record DeleteAsked(String group, Consumer<Optional<Refused>> done) implements ShardInput {}

  /**
   * An operator has offsets forgotten; told nothing once they are gone, else why they are not.
   *
   * @param partitions with the names of their topics
   */
  record DeleteOffsetsAsked(
      String group, TreePMap<PartitionId, String> partitions, Consumer<Optional<Refused>> done)
      implements ShardInput {}

  /** An operator sets offsets of a group without members. */
  record ResetAsked(
      String group, TreePMap<PartitionId, Committed> offsets, Consumer<CommitAnswer> answer)
      implements ShardInput {}

  /**
   * An operator takes a member out; told nothing once it is gone, else why it is not. Others get
   * its partitions at once: one that is not dead after all is told so, and reads on until it hears
   * that.
   */
  record RemoveAsked(String group, Which member, Consumer<Optional<Refused>> done)
      implements ShardInput {}

  /** Which member is meant. */
  sealed interface Which {

    /** The one with this id. */
    record ById(MemberId id) implements Which {}

    /** The one with this {@code group.instance.id}. */
    record ByInstance(String instance) implements Which {}
  }

  /**
   * An operator wants to see groups, as they are agreed on.
   *
   * @param group this one; all of the shard if none is given
   */
  record ImagesAsked(Optional<String> group, Consumer<ImagesAnswer> answer) implements ShardInput {}

  /**
   * Whoever watches all groups wants to see them, as they are agreed on. What comes may be some
   * seconds old, so that looking often costs no writes.
   */
  record WatchAsked(Consumer<ImagesAnswer> answer) implements ShardInput {}

  /** The groups there are. */
  sealed interface ImagesAnswer {

    /** These, in the order of their names. */
    record Found(List<GroupImage> groups) implements ImagesAnswer {

      /** Keeps its own copy of the groups. */
      public Found {
        groups = List.copyOf(groups);
      }
    }

    /** It is not known, and why. */
    record Unknown(Refused why) implements ImagesAnswer {}
  }

  /**
   * It is time to look for what can be forgotten.
   *
   * @param retention how long offsets of no use are kept
   */
  record ForgetDue(Duration retention) implements ShardInput {}

  // ---- what comes back

  /**
   * A part of the log that others wrote.
   *
   * @param from the offset that was asked for
   * @param next where to read on; the same offset if the log had changed under the reader
   */
  record PageRead(long from, long next, List<GroupChange> changes) implements ShardInput {

    /** Keeps its own copy of the changes. */
    public PageRead {
      changes = List.copyOf(changes);
    }
  }

  /** A part of the log holds what this release cannot read. */
  record PageUnreadable(Refused why) implements ShardInput {}

  /** A target of these topics that was computed beside the loop, for the interest of this epoch. */
  record TargetComputed(String group, Target target, int basedOn, TopicsSeen topics)
      implements ShardInput {}

  /** Nobody could compute the target: there is too much to do. */
  record TargetPutOff(String group) implements ShardInput {}
}
