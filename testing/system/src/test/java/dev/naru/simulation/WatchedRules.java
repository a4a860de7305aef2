package dev.naru.simulation;

import dev.naru.broker.replica.CutVerdict;
import dev.naru.broker.replica.IsrState;
import dev.naru.broker.replica.JoinCandidate;
import dev.naru.broker.replica.LeaderInput.SubscribeAsked;
import dev.naru.broker.replica.LogTail;
import dev.naru.broker.replica.PartitionAssignment;
import dev.naru.broker.replica.SafetyRules;
import dev.naru.broker.replica.SubscribeAnswer;
import dev.naru.broker.replica.WantedCut;
import dev.naru.log.epoch.EpochEnd;
import dev.naru.log.epoch.EpochHistory;
import dev.naru.log.producer.ProducerLedger;
import dev.naru.log.producer.Verdict;
import dev.naru.metadata.image.Flush;
import dev.naru.metadata.image.Losses;
import dev.naru.record.BatchHeader;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import java.util.function.Consumer;

/**
 * The rules of one partition in one process, as they are; what its leader takes for its ISR, it has
 * to show to them after every input, and so it is seen.
 */
final class WatchedRules extends SafetyRules {

  private final SafetyRules rules;
  private final Consumer<IsrState> onIsr;

  WatchedRules(SafetyRules rules, Consumer<IsrState> onIsr) {
    this.rules = rules;
    this.onIsr = onIsr;
  }

  @Override
  public boolean mayCommit(IsrState isr, int minInsync) {
    onIsr.accept(isr);
    return rules.mayCommit(isr, minInsync);
  }

  @Override
  public long countedEnd(Flush flush, long end, long durableEnd) {
    return rules.countedEnd(flush, end, durableEnd);
  }

  @Override
  public boolean mayAppendForAll(int isrSize, int minInsync) {
    return rules.mayAppendForAll(isrSize, minInsync);
  }

  @Override
  public Verdict judge(ProducerLedger ledger, BatchHeader header) {
    return rules.judge(ledger, header);
  }

  @Override
  public boolean mayAnswerAgain(long end, long highWatermark) {
    return rules.mayAnswerAgain(end, highWatermark);
  }

  @Override
  public boolean mustHold(IsrState isr, NodeId replica) {
    return rules.mustHold(isr, replica);
  }

  @Override
  public boolean isSound(JoinCandidate candidate, long epochStart) {
    return rules.isSound(candidate, epochStart);
  }

  @Override
  public boolean mayJoin(JoinCandidate candidate, long epochStart, long highWatermark) {
    return rules.mayJoin(candidate, epochStart, highWatermark);
  }

  @Override
  public SubscribeAnswer answer(EpochHistory history, long logStart, long end, LogTail follower) {
    return rules.answer(history, logStart, end, follower);
  }

  @Override
  public boolean mustStartOver(SubscribeAsked asked, PartitionAssignment assignment) {
    return rules.mustStartOver(asked, assignment);
  }

  @Override
  public long cutTo(EpochHistory own, LogTail tail, EpochEnd point) {
    return rules.cutTo(own, tail, point);
  }

  @Override
  public CutVerdict mayCut(NodeId self, Losses losses, long highWatermark, WantedCut cut) {
    return rules.mayCut(self, losses, highWatermark, cut);
  }

  @Override
  public long watermarkAfter(Losses losses, LeaderEpoch agreed, long held) {
    return rules.watermarkAfter(losses, agreed, held);
  }

  @Override
  public boolean mayRepair(PartitionAssignment newest, NodeId damaged, long ruledOutAt) {
    return rules.mayRepair(newest, damaged, ruledOutAt);
  }

  @Override
  public long followerWatermark(long held, long received, long end) {
    return rules.followerWatermark(held, received, end);
  }
}
