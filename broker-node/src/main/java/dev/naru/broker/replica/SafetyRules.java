package dev.naru.broker.replica;

import dev.naru.broker.replica.LeaderInput.SubscribeAsked;
import dev.naru.log.epoch.EpochEnd;
import dev.naru.log.epoch.EpochHistory;
import dev.naru.log.producer.ProducerLedger;
import dev.naru.log.producer.Verdict;
import dev.naru.metadata.image.DeclaredLoss;
import dev.naru.metadata.image.Flush;
import dev.naru.metadata.image.LogEnd;
import dev.naru.metadata.image.Losses;
import dev.naru.record.BatchHeader;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;

/**
 * The decisions on which it rests that nothing acknowledged is lost, gathered so that they can be
 * read in one place. The cores ask them; nothing else in the product implements them. Tests of the
 * simulation replace one at a time by a wrong one, to prove that the simulation would notice.
 */
public class SafetyRules {

  /** The rules of the product. */
  public static final SafetyRules PRODUCT = new SafetyRules();

  /** For {@link #PRODUCT}, and for planted bugs. */
  protected SafetyRules() {}

  /**
   * How far a replica counts: only what a power cut cannot take, unless the topic says otherwise.
   */
  public long countedEnd(Flush flush, long end, long durableEnd) {
    return flush == Flush.OS ? end : durableEnd;
  }

  /** Whether a batch may be appended that is to be acknowledged by all in-sync replicas. */
  public boolean mayAppendForAll(int isrSize, int minInsync) {
    return isrSize >= minInsync;
  }

  /** What is made of a batch that a producer may have sent before. */
  public Verdict judge(ProducerLedger ledger, BatchHeader header) {
    return ledger.judge(header);
  }

  /**
   * Whether somebody may be told that his batch, which is in the log already, will stay there.
   *
   * @param end of the copy that is there
   */
  public boolean mayAnswerAgain(long end, long highWatermark) {
    return end <= highWatermark;
  }

  /**
   * Whether the high watermark may rise. Members that are only proposed do not count: what they
   * hold may be missing on an eligible leader replica that is elected before they join (KIP-966).
   */
  public boolean mayCommit(IsrState isr, int minInsync) {
    return isr.committed().size() >= minInsync;
  }

  /** Whether the high watermark must wait for a replica, given which proposal is open. */
  public boolean mustHold(IsrState isr, NodeId replica) {
    return isr.maximal().contains(replica);
  }

  /** Whether a replica could join the ISR once it reaches the high watermark. */
  public boolean isSound(JoinCandidate candidate, long epochStart) {
    return candidate.isSubscribed()
        && candidate.isEligible()
        && candidate.countedEnd() >= epochStart;
  }

  /** Whether a replica may be proposed for the ISR. */
  public boolean mayJoin(JoinCandidate candidate, long epochStart, long highWatermark) {
    return isSound(candidate, epochStart) && candidate.countedEnd() >= highWatermark;
  }

  /** What a leader tells a follower that subscribes. */
  public SubscribeAnswer answer(EpochHistory history, long logStart, long end, LogTail follower) {
    return EpochAgreement.answer(history, logStart, end, follower);
  }

  /**
   * Whether a follower whose log fits must nevertheless begin anew, as it may hold what was deleted
   * and would never hear of it.
   *
   * <p>Never one that has all that was committed: only deletions below a high watermark are ever
   * taken out, so it has met each of them. What the leader says it may lack can reach further than
   * that, once it has lost count; and the partition would lose a copy that counts.
   */
  public boolean mustStartOver(SubscribeAsked asked, PartitionAssignment assignment) {
    return asked.mayHoldWhatWasPurged() && !assignment.entry().isComplete(asked.from().follower());
  }

  /** Where a follower cuts its log. */
  public long cutTo(EpochHistory own, LogTail tail, EpochEnd point) {
    return EpochAgreement.cutTo(own, tail, point);
  }

  /**
   * Whether a follower may cut its log, which its leader does not share from there on (step 7).
   *
   * <p>Below its own high watermark everything was committed, and above it some of it may have
   * been. So if a loss was declared after the last epoch in this log, whatever goes must lie within
   * what was declared, or is announced before it goes: then nothing is lost that was not declared
   * first, wherever a crash comes in between. What that loss may have kept of the log, a later one
   * may have taken, of which the same is true. A log that ends in an epoch before that of the
   * replica that was chosen holds nothing committed that was not kept, unless later leaders may
   * have written.
   *
   * <p>A replica that is waited for announces whatever it cuts: it holds all that was committed,
   * and after the cut it could no longer say how far that reached. The loss that waits need not be
   * the first after the log: nobody may have written between the two.
   *
   * @param losses those in this node's image that came after the leader epoch that the log is known
   *     to have agreed with last: what was lost before then is not in it
   */
  public CutVerdict mayCut(NodeId self, Losses losses, long highWatermark, WantedCut cut) {
    var log = cut.tail().log();
    var waiting = losses.firstWaitingFor(self, log).filter(loss -> log.end() > loss.from());
    if (waiting.isPresent()) {
      return new CutVerdict.Declare(waiting.get());
    }
    CutVerdict byWatermark =
        cut.from() >= highWatermark ? new CutVerdict.Cut() : new CutVerdict.Refuse();
    var takers = losses.thatMayHaveTakenOf(log);
    if (takers.isEmpty()) {
      return byWatermark;
    }
    var first = takers.getFirst();
    var verdict = verdictOf(first, log, cut.from(), byWatermark);
    long keptEnd = first.kept().end(); // below it, the losses so far may have kept what is cut
    for (var later : takers.subList(1, takers.size())) {
      // What the leaders of before it had below its beginning, the present one has as well.
      boolean mayHaveTaken = cut.partsAt() >= later.from() && cut.from() < keptEnd;
      if (verdict instanceof CutVerdict.Cut && mayHaveTaken) {
        verdict = verdictOf(later, log, Math.max(cut.from(), later.from()), byWatermark);
        keptEnd = Math.min(keptEnd, later.kept().end());
      }
    }
    return verdict;
  }

  private static CutVerdict verdictOf(
      DeclaredLoss loss, LogEnd log, long cutFrom, CutVerdict byWatermark) {
    if (loss.covers(cutFrom, log.end())) {
      return new CutVerdict.Cut();
    }
    if (loss.isExact()) {
      return byWatermark;
    }
    boolean isAllKept = loss.isCutClean() && log.isOfEarlierEpoch(loss.kept());
    return isAllKept && byWatermark instanceof CutVerdict.Cut
        ? byWatermark
        : new CutVerdict.Declare(loss);
  }

  /**
   * A replica's high watermark once it knows of these losses. What it took for committed above one
   * of them is so no longer: unless its log was a part of the log of a later leader when it learned
   * that (step 20).
   *
   * @param agreed the last leader epoch in which its log led, or was accepted by the leader
   */
  public long watermarkAfter(Losses losses, LeaderEpoch agreed, long held) {
    return losses.since(agreed).all().stream()
        .mapToLong(DeclaredLoss::from)
        .reduce(held, Math::min);
  }

  /**
   * Whether a damaged replica may be cut back to what is intact of it, to be fetched again from
   * there: it holds less then than it once acknowledged. So the controller must have ruled it out,
   * and there must be somebody who has the rest.
   *
   * @param ruledOutAt index in the metadata log of the command by which it was given up
   */
  public boolean mayRepair(PartitionAssignment newest, NodeId damaged, long ruledOutAt) {
    return newest.imageIndex() >= ruledOutAt
        && !newest.entry().involves(damaged)
        && newest.entry().hasLeader();
  }

  /**
   * A follower's high watermark after it heard the leader's: never more than it holds, never less.
   */
  public long followerWatermark(long held, long received, long end) {
    return Math.max(held, Math.min(received, end));
  }
}
