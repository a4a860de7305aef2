package dev.naru.metadata.liveness;

import dev.naru.metadata.command.LogAnswer;
import dev.naru.metadata.command.RecoverPartitions;
import dev.naru.metadata.command.Recovery;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.metadata.machine.RecoveryChoice;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the active controller comes to know what is left of partitions whose safe replicas are gone,
 * and lets the best of it lead where the recovery mode says so (step 20). It asks in rounds, about
 * a limited number of partitions each, and goes through all of them in turn: one that cannot be
 * recovered now holds up no other.
 */
public final class RecoveryRounds {

  /** A node answers so many from memory within milliseconds; and they fit into one command. */
  public static final int PARTITIONS_MAX = RecoverPartitions.RECOVERIES_MAX;

  /** Nodes that are there answer far sooner; one that does not must not hold up all others. */
  static final long SURVEY_NANOS_MAX = 1_000_000_000L;

  /**
   * For so long after the first answer that could be chosen only the answers of all replicas that
   * are there will do.
   */
  static final long COMPLETE_NANOS = 2_000_000_000L;

  /**
   * For so long after the first answer that could be chosen a log that reaches further than all of
   * these may take to get to its disk; the slowest that still work are faster.
   */
  static final long FORCE_NANOS = 30_000_000_000L;

  /**
   * The same for a log that reaches further with what it has on its disk already, and that may have
   * been acknowledged. A force that takes longer hangs: an operating system that has lost a disk
   * says so earlier, and who would wait for ever has {@code strict}.
   */
  static final long HANGING_NANOS = 120_000_000_000L;

  /** Between two rounds through all partitions: nothing changes faster than nodes come back. */
  private static final long REST_NANOS = 500_000_000L;

  private static final long IDLE_NANOS = 200_000_000L;

  /** Longer than anybody waits for a command: then its end was missed, and the next may go out. */
  static final long UNDER_WAY_NANOS_MAX = 10_000_000_000L;

  private RecoveryWaits waits = RecoveryWaits.NONE;
  private UsableAnswers usable = UsableAnswers.NONE;
  private Optional<RecoverySurvey> survey = Optional.empty();

  /** The last partition that was asked about; the next round begins after it. */
  private Optional<PartitionId> cursor = Optional.empty();

  private Optional<Long> restSinceNanos = Optional.empty();

  /** When a command was submitted; empty once it is settled. */
  private Optional<Long> submittedNanos = Optional.empty();

  /** When nothing was due: no wait is so exact that every turn would have to look. */
  private Optional<Long> idleSinceNanos = Optional.empty();

  /** After a change of the image. */
  public void seen(ClusterImage image, long nowNanos) {
    waits = waits.seen(image, nowNanos);
    usable = usable.seen(image, waits);
    idleSinceNanos = Optional.empty();
  }

  /**
   * The controller stood still for so long, and nobody was heard: no wait becomes shorter by it.
   */
  public void paused(long nanos) {
    waits = waits.withoutPause(nanos);
    usable = usable.withoutPause(nanos);
    survey.ifPresent(open -> open.paused(nanos));
  }

  /**
   * What came of a round is on its way. Until it is settled no other begins: its answers would be
   * for entries that are about to change.
   */
  public void submitted(long nowNanos) {
    submittedNanos = Optional.of(nowNanos);
  }

  /** The command was decided, or its outcome will never be known. */
  public void settled() {
    submittedNanos = Optional.empty();
  }

  /** The questions to ask now, if there are any; the answers go to the survey. */
  public Optional<RecoverySurvey> begin(ClusterImage image, long nowNanos) {
    if (survey.isPresent()
        || isWithin(UNDER_WAY_NANOS_MAX, submittedNanos, nowNanos)
        || isWithin(REST_NANOS, restSinceNanos, nowNanos)
        || isWithin(IDLE_NANOS, idleSinceNanos, nowNanos)) {
      return Optional.empty();
    }
    var some = nextOf(waits.due(image, nowNanos));
    if (some.isEmpty()) {
      cursor = Optional.empty();
      restSinceNanos = Optional.empty();
      idleSinceNanos = Optional.of(nowNanos);
      return Optional.empty();
    }
    cursor = Optional.of(some.getLast());
    survey = Optional.of(new RecoverySurvey(image, some, nowNanos));
    return survey;
  }

  private static boolean isWithin(long nanos, Optional<Long> since, long nowNanos) {
    return since.filter(from -> nowNanos - from < nanos).isPresent();
  }

  /** Those after the cursor; when there are none, from the beginning, after a rest. */
  private List<PartitionId> nextOf(List<PartitionId> due) {
    var after =
        due.stream()
            .filter(id -> cursor.filter(last -> last.compareTo(id) >= 0).isEmpty())
            .limit(PARTITIONS_MAX)
            .toList();
    return after.isEmpty() ? due.stream().limit(PARTITIONS_MAX).toList() : after;
  }

  /** What follows from the answers once the round is over; empty if nothing does. */
  public Optional<RecoverPartitions> conclude(ClusterImage image, long nowNanos) {
    if (survey.filter(open -> open.isOver(nowNanos, SURVEY_NANOS_MAX)).isEmpty()) {
      return Optional.empty();
    }
    var over = survey.get();
    survey = Optional.empty();
    boolean wasLast =
        waits.due(image, nowNanos).stream()
            .noneMatch(id -> cursor.filter(last -> last.compareTo(id) < 0).isPresent());
    restSinceNanos = wasLast ? Optional.of(nowNanos) : Optional.empty();
    var recoveries = new ArrayList<Recovery>();
    for (var question : over.questions()) {
      recovery(image, question, over, nowNanos).ifPresent(recoveries::add);
    }
    recoveries.removeIf(recovery -> !RecoveryChoice.isSound(image, recovery));
    return recoveries.isEmpty() ? Optional.empty() : Optional.of(new RecoverPartitions(recoveries));
  }

  private Optional<Recovery> recovery(
      ClusterImage image, LogQuestion question, RecoverySurvey over, long nowNanos) {
    var id = question.partition();
    var topic = image.topic(id.topic());
    var partition = image.partition(id);
    var epoch = question.partitionEpoch();
    if (topic.isEmpty()
        || partition.filter(now -> now.partitionEpoch().equals(epoch)).isEmpty()
        || waits.overdueNanos(image, id, nowNanos) < 0) {
      return Optional.empty();
    }
    var answers = over.answers(id);
    var choosable =
        answers.stream()
            .filter(answer -> RecoveryChoice.isUsable(topic.get(), answer))
            .filter(answer -> image.isEligible(answer.node()))
            .toList();
    usable = usable.heard(id, choosable, nowNanos);
    long waited = usable.ageNanos(id, nowNanos);
    boolean isEnough =
        waited >= COMPLETE_NANOS || isComplete(image, topic.get(), partition.get(), answers);
    return RecoveryChoice.best(topic.get(), partition.get(), answers)
        .filter(best -> isEnough && !mustWaitForADisk(answers, best, waited))
        .map(best ->
            new Recovery(
                id,
                epoch,
                answers,
                best.node(),
                Optional.empty(),
                RecoveryChoice.ahead(answers, best)));
  }

  private static boolean mustWaitForADisk(List<LogAnswer> answers, LogAnswer best, long waited) {
    return (waited < FORCE_NANOS && !RecoveryChoice.ahead(answers, best).isEmpty())
        || (waited < HANGING_NANOS && !RecoveryChoice.aheadOnDisk(answers, best).isEmpty());
  }

  private static boolean isComplete(
      ClusterImage image, TopicImage topic, PartitionImage partition, List<LogAnswer> answers) {
    long present = partition.replicaNodes().stream().filter(image::isEligible).count();
    return answers.size() == present
        && answers.stream()
            .allMatch(answer -> answer.isDamaged() || RecoveryChoice.isUsable(topic, answer))
        && !RecoveryChoice.isSafeReplicaStarting(image, partition);
  }
}
