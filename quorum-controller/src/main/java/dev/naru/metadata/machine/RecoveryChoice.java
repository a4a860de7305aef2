package dev.naru.metadata.machine;

import dev.naru.metadata.command.LogAnswer;
import dev.naru.metadata.command.Recovery;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.DeclaredLoss;
import dev.naru.metadata.image.ElrPlace.Recovered;
import dev.naru.metadata.image.Flush;
import dev.naru.metadata.image.LossCause;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.types.NodeId;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Predicate;
import org.pcollections.TreePSet;

/**
 * Which replica leads where nobody is safe, and what that gives up (step 20). The greatest (epoch,
 * end) is the best: within one epoch a single leader wrote, so the longer of two logs holds all of
 * the shorter, and a leader of a later epoch began with all that was committed before.
 */
public final class RecoveryChoice {

  private RecoveryChoice() {}

  /**
   * Whether the partition stays without a leader until somebody gives something up: nobody leads,
   * nobody who is known to hold everything could or will soon be able to, and no member of the ISR
   * is alive.
   */
  public static boolean isDue(ClusterImage image, PartitionImage partition) {
    return !partition.hasLeader()
        && !LeaderElection.isWaiting(image, partition)
        && partition.isr().stream().allMatch(node -> isFenced(image, node));
  }

  /** The replicas that hold everything and are just coming back. */
  public static TreePSet<NodeId> safeReplicasStarting(
      ClusterImage image, PartitionImage partition) {
    return TreePSet.from(
        partition.elr().keySet().stream()
            .filter(node -> image.node(node).filter(NodeImage::isStarting).isPresent())
            .toList());
  }

  private static boolean isFenced(ClusterImage image, NodeId node) {
    return image.node(node).map(NodeImage::isFenced).orElse(true);
  }

  /**
   * Whether an answer may be chosen. With flush=quorum its log must be on disk to its end: what is
   * only in memory there may have been committed by others' disks, and would be declared as kept
   * while the next power cut can still take it.
   */
  public static boolean isUsable(TopicImage topic, LogAnswer answer) {
    return !answer.isDamaged() && (topic.settings().flush() == Flush.OS || answer.isDurable());
  }

  /** The best of these answers, the first in replica order of several; empty if none is usable. */
  public static Optional<LogAnswer> best(
      TopicImage topic, PartitionImage partition, Collection<LogAnswer> answers) {
    Optional<LogAnswer> best = Optional.empty();
    for (var node : partition.replicaNodes()) {
      for (var answer : answers) {
        boolean isBetter =
            answer.node().equals(node)
                && isUsable(topic, answer)
                && best.filter(b -> b.log().compareTo(answer.log()) >= 0).isEmpty();
        if (isBetter) {
          best = Optional.of(answer);
        }
      }
    }
    return best;
  }

  /**
   * The best of these answers if nobody names one. Empty while all that are usable are of replicas
   * that a move has just added: of what there is they may hold next to nothing, and alone nobody
   * sees that. Beside one that was there before the greatest counts, whoever has it.
   */
  public static Optional<LogAnswer> bestUnasked(
      TopicImage topic, PartitionImage partition, Collection<LogAnswer> answers) {
    return answers.stream()
            .anyMatch(answer -> isUsable(topic, answer) && !partition.isUnproven(answer.node()))
        ? best(topic, partition, answers)
        : Optional.empty();
  }

  /**
   * Nodes whose logs will reach further than this one once they are on their disks: worth a wait,
   * as they are there.
   */
  public static TreePSet<NodeId> aheadOnceForced(Collection<LogAnswer> answers, LogAnswer best) {
    return nodes(answers, answer -> !answer.isDurable() && answer.log().compareTo(best.log()) > 0);
  }

  /**
   * Nodes whose logs reach further than this one with what they have on their disks: that may have
   * been acknowledged, and is worth a longer wait.
   */
  public static TreePSet<NodeId> aheadOnDisk(Collection<LogAnswer> answers, LogAnswer best) {
    return nodes(answers, answer -> answer.durable().compareTo(best.log()) > 0);
  }

  private static TreePSet<NodeId> nodes(
      Collection<LogAnswer> answers, Predicate<LogAnswer> isWanted) {
    return TreePSet.from(
        answers.stream()
            .filter(answer -> !answer.isDamaged() && isWanted.test(answer))
            .map(LogAnswer::node)
            .toList());
  }

  /** Whether it would have an effect on this image. */
  public static boolean isSound(ClusterImage image, Recovery recovery) {
    return RecoveryRules.whyNot(image, recovery).isEmpty();
  }

  /**
   * What is given up if this one leads.
   *
   * <p>If the log of the choice ends in the epoch of the last leader there was, it is a part of
   * that leader's log from the beginning on, and what is lost begins where it ends. Else later
   * leaders may have written, elsewhere, below that end: then all that is sure is what it knows to
   * be committed. A watermark that a loss has lowered stops at the start of the log, so one that is
   * there says nothing of what was written below it after that loss.
   */
  public static DeclaredLoss loss(
      PartitionImage partition, Collection<LogAnswer> answers, LogAnswer choice, LossCause cause) {
    var kept = choice.log();
    var newEpoch = partition.leaderEpoch().next();
    boolean isOfLastLeader =
        kept.lastEpoch().map(last -> last.next().equals(partition.leaderEpoch())).orElse(false);
    long from = isOfLastLeader ? kept.end() : surelyKept(partition, choice);
    long to = from;
    for (var answer : answers) {
      boolean mayHoldMore =
          !answer.isDamaged() && !(isOfLastLeader && answer.log().isOfEarlierEpoch(kept));
      to = mayHoldMore ? Math.max(to, answer.log().end()) : to;
    }
    var safe =
        TreePSet.<NodeId>empty()
            .plusAll(partition.isr())
            .plusAll(partition.elr().keySet())
            .minus(choice.node());
    var loss = new DeclaredLoss(newEpoch, kept, from, to, false, safe, cause);
    for (var place : partition.elr().entrySet()) {
      if (place.getValue() instanceof Recovered(var log)) {
        loss = loss.heard(place.getKey(), log);
      }
    }
    return loss;
  }

  private static long surelyKept(PartitionImage partition, LogAnswer choice) {
    long highWatermark = choice.highWatermark();
    boolean isAtTheStart = highWatermark == choice.logStart();
    return partition
        .losses()
        .after(choice.log())
        .filter(_ -> isAtTheStart)
        .map(loss -> Math.min(loss.from(), highWatermark))
        .orElse(highWatermark);
  }
}
