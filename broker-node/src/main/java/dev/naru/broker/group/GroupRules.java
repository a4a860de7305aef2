package dev.naru.broker.group;

import dev.naru.broker.group.GroupCommand.Join;
import java.time.Duration;
import java.util.Optional;

/**
 * The decisions on which it rests that no two members work on one partition and that no offset is
 * lost, gathered so that they can be read in one place. The rules ask them; nothing else in the
 * product implements them. Tests replace one at a time by a wrong one, to prove that they would
 * notice.
 */
public class GroupRules {

  /** The rules of the product. */
  public static final GroupRules PRODUCT = new GroupRules();

  /** For {@link #PRODUCT}, and for planted bugs. */
  protected GroupRules() {}

  /** Whether a partition may be handed out that this member holds, or nobody. */
  public boolean mayGrant(Optional<MemberId> holder) {
    return holder.isEmpty();
  }

  /**
   * Whether a member that says, under this epoch, that it does not have the partition has given it
   * back. What it said before it was told to give it back is no answer: it may not have taken it
   * yet when it said so, and take it now.
   */
  public boolean hasGivenBack(Hold hold, int saidUnder) {
    return hold.isRevoked() && hold.revokedEpoch().getAsInt() <= saidUnder;
  }

  /**
   * Whether a member that was told this epoch may have the partition in its hands. One that was
   * granted later it has not heard of: if it believes to have it, then from an earlier grant.
   */
  public boolean mayHave(Optional<Hold> hold, int toldEpoch) {
    return hold.isPresent() && hold.get().grantedEpoch() <= toldEpoch;
  }

  /**
   * Whether a join says what is still true. One of a number that is known, or of one before, was
   * overtaken by a later one on another stream: by that the member began anew, and what it was
   * given since, this one knows nothing of.
   */
  public boolean isTimely(Member known, Join command) {
    return command.isEmptyHanded()
        ? command.attempt() > known.attempt()
        : command.attempt() >= known.attempt();
  }

  /** Whether a member may go on where its stream broke, rather than begin anew. */
  public boolean mayResume(Member member, int toldEpoch) {
    return !member.isAway() && toldEpoch <= member.epoch();
  }

  /**
   * Whether a newcomer may take the place of a member with its instance id. While that one has a
   * stream it lives, and two that live must not drive each other out in turns.
   */
  public boolean mayReplace(Member known, boolean isAttended) {
    return known.isAway() || !isAttended;
  }

  /** Whether a commit under this epoch comes from whom the partition was granted to. */
  public boolean mayCommit(Optional<Hold> hold, int toldEpoch) {
    return mayHave(hold, toldEpoch);
  }

  /**
   * Whether a classic member that comes has given back all it had, so that it may be handed out.
   * One that comes with something in its hands has only lost its stream, and reads on.
   */
  public boolean hasGivenBackAll(Join command) {
    return command.holding().isEmpty();
  }

  /**
   * Whether a classic member may commit under this generation. It must have come for no later one,
   * and its leader must have said what it reads: before that it reads nothing.
   */
  public boolean mayCommitIn(int generation, Member member, ClassicMember classic) {
    return member.epoch() == generation && classic.assignment().isPresent();
  }

  /**
   * Whether an offset has been of no use for so long that it may go. While a group has members all
   * its offsets are in use: one that is committed once and then read for months, too.
   */
  public boolean mayForget(
      GroupImage image, Committed committed, Duration retention, long nowMillis) {
    long usedMillis =
        Math.max(
            committed.commitMillis(),
            image.header().map(header -> header.emptySinceMillis().orElse(0)).orElse(0L));
    return !image.hasMembers() && nowMillis - usedMillis >= retention.toMillis();
  }
}
