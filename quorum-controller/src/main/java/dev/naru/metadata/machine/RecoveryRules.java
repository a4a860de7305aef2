package dev.naru.metadata.machine;

import dev.naru.metadata.command.LogAnswer;
import dev.naru.metadata.command.RecoverPartitions;
import dev.naru.metadata.command.Recovery;
import dev.naru.metadata.command.ShownLoss;
import dev.naru.metadata.event.MetadataEvent;
import dev.naru.metadata.event.PartitionCause;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.DeclaredLoss;
import dev.naru.metadata.image.LossCause;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.RecoveryMode;
import dev.naru.metadata.image.TopicImage;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.pcollections.TreePSet;

/**
 * Rules about who leads a partition that goes on without what only lost replicas hold (step 20).
 */
final class RecoveryRules {

  private RecoveryRules() {}

  /** Each for itself, on the same image: they are about different partitions. */
  static Decision recover(ClusterImage image, RecoverPartitions command) {
    var recoveries = command.recoveries();
    if (recoveries.size() > RecoverPartitions.RECOVERIES_MAX) {
      return Decision.refused(
          ErrorCode.LIMIT_EXCEEDED,
          "Expected at most %s partitions, but were %s"
              .formatted(RecoverPartitions.RECOVERIES_MAX, recoveries.size()));
    }
    var events = new ArrayList<MetadataEvent>();
    var seen = new TreeSet<PartitionId>();
    Optional<Refused> refusal = Optional.empty();
    for (var recovery : recoveries) {
      if (seen.add(recovery.partition())) {
        var why = whyNot(image, recovery);
        if (why.isEmpty()) {
          var topic = image.topic(recovery.partition().topic()).orElseThrow();
          events.addAll(recovered(image, topic, recovery));
        }
        refusal = refusal.or(() -> why);
      }
    }
    return events.isEmpty() && refusal.isPresent()
        ? new Decision.Refusal(refusal.get())
        : new Decision.Accepted(events);
  }

  private static List<MetadataEvent> recovered(
      ClusterImage image, TopicImage topic, Recovery recovery) {
    var before = topic.partition(recovery.partition().partition()).orElseThrow();
    var loss = loss(before, recovery).withPassedOver(passedOver(recovery));
    return PartitionSweep.settled(
        image,
        topic,
        recovery.partition(),
        PartitionDraft.of(before).recovered(recovery.choice(), loss),
        PartitionCause.RECOVERED);
  }

  private static TreePSet<NodeId> passedOver(Recovery recovery) {
    var ahead =
        RecoveryChoice.aheadOnceForced(recovery.answers(), answerOfChoice(recovery).orElseThrow());
    return TreePSet.from(recovery.passedOver().stream().filter(ahead::contains).toList());
  }

  private static DeclaredLoss loss(PartitionImage before, Recovery recovery) {
    return RecoveryChoice.loss(
        before,
        recovery.answers(),
        answerOfChoice(recovery).orElseThrow(),
        recovery.shown().isPresent() ? LossCause.OPERATOR : LossCause.MODE);
  }

  private static Optional<LogAnswer> answerOfChoice(Recovery recovery) {
    return recovery.answers().stream()
        .filter(answer -> answer.node().equals(recovery.choice()))
        .findFirst();
  }

  /** Why it would be refused on this image. */
  static Optional<Refused> whyNot(ClusterImage image, Recovery recovery) {
    var id = recovery.partition();
    var topic = image.topic(id.topic());
    var partition = image.partition(id);
    if (topic.isEmpty() || partition.isEmpty()) {
      return refused(
          ErrorCode.PARTITION_NOT_FOUND, "Expected an existing partition, but there is no %s", id);
    }
    return whyNotNow(image, partition.get(), recovery)
        .or(() -> whyNotTheseAnswers(image, topic.get(), partition.get(), recovery))
        .or(() ->
            recovery.shown().isPresent()
                ? whyNotAsShown(partition.get(), recovery, recovery.shown().get())
                : whyNotByMode(topic.get(), partition.get(), recovery));
  }

  private static Optional<Refused> whyNotNow(
      ClusterImage image, PartitionImage partition, Recovery recovery) {
    if (!recovery.partitionEpoch().equals(partition.partitionEpoch())) {
      return refused(
          ErrorCode.PARTITION_EPOCH_MISMATCH,
          "Expected partition epoch %s of %s, but the answers are for %s",
          partition.partitionEpoch(),
          image.nameOf(recovery.partition()),
          recovery.partitionEpoch());
    }
    return RecoveryChoice.isDue(image, partition)
        ? Optional.empty()
        : refused(
            ErrorCode.INVALID_REQUEST,
            "Expected %s to have nobody safe who could lead, but it %s",
            image.nameOf(recovery.partition()),
            partition.hasLeader()
                ? "is led by node " + partition.leader().orElseThrow()
                : "waits for replicas that are coming back");
  }

  private static Optional<Refused> whyNotTheseAnswers(
      ClusterImage image, TopicImage topic, PartitionImage partition, Recovery recovery) {
    if (recovery.answers().size() > partition.replicas().size()) {
      return refused(
          ErrorCode.LIMIT_EXCEEDED,
          "Expected at most one answer of each of the %s replicas of %s, but were %s",
          partition.replicas().size(),
          image.nameOf(recovery.partition()),
          recovery.answers().size());
    }
    var seen = new TreeSet<NodeId>();
    for (var answer : recovery.answers()) {
      boolean isOfReplica = partition.replicaOn(answer.node()).isPresent();
      boolean isOfPresent =
          image.node(answer.node()).filter(n -> n.epoch().equals(answer.epoch())).isPresent();
      if (!seen.add(answer.node())
          || !isOfReplica
          || !isOfPresent
          || !image.isEligible(answer.node())) {
        return refused(
            ErrorCode.INELIGIBLE_REPLICA,
            "Expected one answer of each unfenced replica of %s under its registered epoch, but there is one of node %s under %s",
            image.nameOf(recovery.partition()),
            answer.node(),
            answer.epoch());
      }
    }
    var choice = answerOfChoice(recovery);
    if (choice.isEmpty()) {
      return refused(
          ErrorCode.INELIGIBLE_REPLICA,
          "Expected the choice among those who answered, but node %s did not",
          recovery.choice());
    }
    return RecoveryChoice.isUsable(topic, choice.get())
        ? Optional.empty()
        : refused(
            ErrorCode.INELIGIBLE_REPLICA,
            "Expected the choice to be undamaged and on disk up to its end, but was %s",
            choice.get());
  }

  private static Optional<Refused> whyNotByMode(
      TopicImage topic, PartitionImage partition, Recovery recovery) {
    if (topic.settings().recoveryMode() == RecoveryMode.STRICT) {
      return refused(
          ErrorCode.INVALID_REQUEST,
          "Expected a recovery mode that lets a replica of %s lead, but it is strict",
          topic.name());
    }
    var best = RecoveryChoice.bestUnasked(topic, partition, recovery.answers()).map(LogAnswer::log);
    var chosen = answerOfChoice(recovery).map(LogAnswer::log);
    if (!best.equals(chosen)) {
      return refused(
          ErrorCode.INELIGIBLE_REPLICA,
          "Expected the greatest log, %s, to be chosen, but was %s",
          best.map(Object::toString).orElse("none while all that answered were added by a move"),
          chosen.map(Object::toString).orElse("none"));
    }
    var choice = answerOfChoice(recovery).orElseThrow();
    var ahead = RecoveryChoice.aheadOnDisk(recovery.answers(), choice);
    return recovery.passedOver().containsAll(ahead)
        ? Optional.empty()
        : refused(
            ErrorCode.INELIGIBLE_REPLICA,
            "Expected nobody but those waited for in vain to have more on disk than the choice %s, but answered have %s",
            choice,
            recovery.answers());
  }

  private static Optional<Refused> whyNotAsShown(
      PartitionImage partition, Recovery recovery, ShownLoss shown) {
    var now = ShownLoss.of(loss(partition, recovery));
    return now.equals(shown)
        ? Optional.empty()
        : refused(
            ErrorCode.PARTITION_EPOCH_MISMATCH,
            "Expected the loss to be as it was shown, %s, but it is %s now: look again",
            shown,
            now);
  }

  private static Optional<Refused> refused(ErrorCode code, String format, Object... values) {
    return Optional.of(new Refused(code, format.formatted(values)));
  }
}
