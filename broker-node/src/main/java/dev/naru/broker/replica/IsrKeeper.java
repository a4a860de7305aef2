package dev.naru.broker.replica;

import dev.naru.broker.replica.IsrState.Proposed;
import dev.naru.broker.replica.IsrState.Stable;
import dev.naru.broker.replica.LeaderEffect.Propose;
import dev.naru.broker.replica.LeaderEffect.Report;
import dev.naru.broker.replica.PartitionEvent.IsrChanged;
import dev.naru.broker.replica.PartitionEvent.IsrExpandProposed;
import dev.naru.broker.replica.PartitionEvent.IsrProposalRefused;
import dev.naru.broker.replica.PartitionEvent.IsrShrinkProposed;
import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.IsrMember;
import dev.naru.metadata.image.Flush;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;
import org.pcollections.TreePSet;

/**
 * Decides, for a leader, who should be in sync, and holds what the leader may assume meanwhile
 * (steps 14 to 16). The leader proposes, the controller decides, an image tells. One proposal at a
 * time.
 */
final class IsrKeeper {

  /**
   * Longer than the metadata quorum takes to elect a leader, so that few proposals go out twice.
   */
  private static final long RESEND_NANOS = 1_000_000_000L;

  /**
   * After a refusal the controller's image, which this node has yet to apply, is likely to differ.
   */
  private static final long RETRY_NANOS = 200_000_000L;

  /**
   * A replica that is about to join is waited for if it is behind by no more than this part of the
   * time for which it has been: one that keeps up joins by itself and nobody waits, and one that is
   * always a second behind joins after four.
   */
  private static final int PATIENCE_PARTS = 4;

  private final LocalNode self;
  private final SafetyRules rules;
  private final Followers followers;
  private final long epochStart;
  private final EndSamples samples;
  private PartitionAssignment assignment;
  private IsrState state;
  private long nowNanos;
  private boolean wasRefused;
  private long refusedNanos;

  IsrKeeper(
      LocalNode self,
      SafetyRules rules,
      Followers followers,
      PartitionAssignment assignment,
      long lagNanosMax,
      long epochStart,
      long nowNanos) {
    this.self = self;
    this.rules = rules;
    this.followers = followers;
    this.assignment = assignment;
    this.epochStart = epochStart;
    this.nowNanos = nowNanos;
    state = new Stable(assignment.entry().isr());
    samples = new EndSamples(lagNanosMax);
    samples.note(nowNanos, epochStart);
  }

  IsrState state() {
    return state;
  }

  /** Whether all replicas are in it, are known, and nothing is proposed. */
  boolean isWhole() {
    if (!(state instanceof Stable)) {
      return false;
    }
    for (var follower : followers) {
      if (!follower.isKnown() || !state.committed().contains(follower.node())) {
        return false;
      }
    }
    return true;
  }

  /** A newer image. Only a higher partition epoch decides what was proposed. */
  void reassigned(PartitionAssignment changed, List<LeaderEffect> effects) {
    boolean isDecided = assignment.partitionEpoch().isBefore(changed.partitionEpoch());
    assignment = changed;
    if (isDecided) {
      var before = state.committed();
      state = new Stable(changed.entry().isr());
      wasRefused = false;
      if (!before.equals(state.committed())) {
        effects.add(new Report(new IsrChanged(before, state.committed())));
      }
    }
  }

  /**
   * The open proposal was refused for good. That closes it, unless the entry has moved on: then an
   * image is to come, and the entry may have moved on by this very proposal.
   */
  void refused(AlterPartition proposal, Refused why, List<LeaderEffect> effects) {
    if (state instanceof Proposed open
        && open.proposal().equals(proposal)
        && why.code() == ErrorCode.INELIGIBLE_REPLICA) {
      state = new Stable(open.committed());
      wasRefused = true;
      refusedNanos = nowNanos;
      effects.add(new Report(new IsrProposalRefused(proposal, why)));
    }
  }

  void tick(
      long now, long end, long ownCountedEnd, long highWatermark, List<LeaderEffect> effects) {
    nowNanos = now;
    samples.note(now, end);
    followers.forEach(follower -> noteNear(follower, highWatermark));
    if (state instanceof Proposed open && now - open.sentNanos() >= RESEND_NANOS) {
      state = open.sentAgain(now);
      effects.add(new Propose(open.proposal()));
    }
    proposeShrink(ownCountedEnd, effects);
  }

  /** How far each follower is behind this end; one that is not known, by the whole epoch. */
  List<FollowerLag> lags(long end) {
    var lags = new ArrayList<FollowerLag>();
    for (var follower : followers) {
      long itsEnd = follower.isKnown() ? follower.end() : epochStart;
      lags.add(
          new FollowerLag(
              follower.node(), Math.max(0, end - itsEnd), samples.nanosBehind(nowNanos, itsEnd)));
    }
    return lags;
  }

  private void proposeShrink(long ownCountedEnd, List<LeaderEffect> effects) {
    var endBeforeLag = samples.endBeforeLag(nowNanos);
    if (endBeforeLag.isEmpty() || !mayPropose()) {
      return;
    }
    long due = endBeforeLag.getAsLong();
    var remaining = state.committed();
    var reasons = new ArrayList<String>();
    for (var follower : followers) {
      if (remaining.contains(follower.node()) && isBehind(follower, due)) {
        remaining = remaining.minus(follower.node());
        reasons.add(shrink(follower.node(), due, follower.describe(), effects));
      }
    }
    // A leader that cannot keep up itself asks for another one, if there is one that can.
    if (ownCountedEnd < due && remaining.size() > 1) {
      remaining = remaining.minus(self.id());
      reasons.add(
          shrink(self.id(), due, "the leader itself reached only " + ownCountedEnd, effects));
    }
    propose(remaining, String.join("; ", reasons), effects);
  }

  private boolean isBehind(FollowerProgress follower, long due) {
    return !follower.isKnown() || follower.countedEnd(flush()) < due;
  }

  /** Reports it, and says why. */
  private static String shrink(NodeId replica, long due, String where, List<LeaderEffect> effects) {
    var why =
        "Expected replica %s to reach %d within replica.lag.time.max.ms, but %s"
            .formatted(replica, due, where);
    effects.add(new Report(new IsrShrinkProposed(replica, why)));
    return why;
  }

  /**
   * To be called in the turn of any change that may have made a replica fit.
   *
   * @param startMin where a member's log begins at the earliest: below, it has been promised,
   *     nothing will be read any more
   */
  void proposeJoins(long highWatermark, long startMin, List<LeaderEffect> effects) {
    if (!mayPropose()) {
      return;
    }
    var grown = state.committed();
    for (var follower : followers) {
      if (!grown.contains(follower.node())
          && follower.logStart() >= startMin
          && rules.mayJoin(follower.candidate(flush()), epochStart, highWatermark)) {
        grown = grown.plus(follower.node());
        effects.add(new Report(new IsrExpandProposed(follower.node())));
      }
    }
    propose(grown, "replicas have caught up", effects);
  }

  private boolean mayPropose() {
    return state instanceof Stable && !(wasRefused && nowNanos - refusedNanos < RETRY_NANOS);
  }

  private void propose(TreePSet<NodeId> wanted, String reason, List<LeaderEffect> effects) {
    if (!(state instanceof Stable stable) || wanted.equals(stable.committed())) {
      return;
    }
    var members = new ArrayList<IsrMember>();
    for (var replica : assignment.replicas()) {
      if (wanted.contains(replica.node())) {
        members.add(new IsrMember(replica.node(), replica.nodeEpoch()));
      }
    }
    var proposal =
        new AlterPartition(
            assignment.id(),
            assignment.leaderEpoch(),
            assignment.partitionEpoch(),
            new IsrMember(self.id(), self.epoch()),
            members,
            reason);
    state = Proposed.of(stable, proposal, nowNanos);
    effects.add(new Propose(proposal));
  }

  /** Whether the high watermark, which is here now, waits for this follower. */
  boolean holdsBack(FollowerProgress follower, long highWatermark) {
    return rules.mustHold(state, follower.node())
        || (isAboutToJoin(follower, highWatermark) && isWorthWaitingFor(follower));
  }

  /**
   * A replica that is about to join has what the leader had the allowed lag ago. While it is not
   * known what that was, a replica that has been here before may be about to join; one that a move
   * adds begins with nothing, and is not before it has reached the watermark.
   */
  boolean isAboutToJoin(FollowerProgress follower, long highWatermark) {
    boolean mayJoin =
        !state.committed().contains(follower.node())
            && rules.isSound(follower.candidate(flush()), epochStart);
    if (!mayJoin) {
      return false;
    }
    long unknown = isNew(follower.node()) ? highWatermark : epochStart;
    return follower.countedEnd(flush()) >= samples.endBeforeLag(nowNanos).orElse(unknown);
  }

  private void noteNear(FollowerProgress follower, long highWatermark) {
    if (isAboutToJoin(follower, highWatermark)) {
      follower.near(nowNanos);
    } else {
      follower.notNear();
    }
  }

  /**
   * One that has just come back fetches what it missed, and nobody who waits for an acknowledgement
   * need wait for that. But a busy partition must not run away from it for ever: the longer it
   * takes, the further behind it may be when the high watermark stops for it.
   */
  private boolean isWorthWaitingFor(FollowerProgress follower) {
    var since = follower.nearSinceNanos();
    if (since.isEmpty()) {
      return false;
    }
    long patience = samples.within((nowNanos - since.getAsLong()) / PATIENCE_PARTS);
    if (patience < samples.stepNanos()) {
      return false;
    }
    // Not remembered: the leader has only just begun, or slept, and whoever is about to join is
    // near.
    var end = samples.endBefore(nowNanos, patience);
    return end.isEmpty() || follower.countedEnd(flush()) >= end.getAsLong();
  }

  private boolean isNew(NodeId node) {
    return assignment.entry().move().filter(under -> under.isNew(node)).isPresent();
  }

  private Flush flush() {
    return assignment.settings().flush();
  }
}
