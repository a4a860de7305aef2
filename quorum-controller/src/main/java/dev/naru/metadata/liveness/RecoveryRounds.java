package dev.naru.metadata.liveness;

import dev.naru.metadata.command.RecoverPartitions;
import dev.naru.metadata.command.Recovery;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.machine.RecoveryChoice;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

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

  /** Between two rounds through all partitions: nothing changes faster than nodes come back. */
  private static final long REST_NANOS = 500_000_000L;

  private static final long IDLE_NANOS = 200_000_000L;

  /** Longer than anybody waits for a command: then its end was missed, and the next may go out. */
  static final long UNDER_WAY_NANOS_MAX = 10_000_000_000L;

  private RecoveryWaits waits = RecoveryWaits.NONE;

  /** Of partitions that wait; one that has not been asked about yet has none. */
  private final SortedMap<PartitionId, Patience> patience = new TreeMap<>();

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
    patience.keySet().retainAll(waits.sinceNanos().keySet());
    idleSinceNanos = Optional.empty();
  }

  /**
   * The controller stood still for so long, and nobody was heard: no wait becomes shorter by it.
   */
  public void paused(long nanos) {
    waits = waits.withoutPause(nanos);
    patience.replaceAll((_, each) -> each.withoutPause(nanos));
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
    return stillAsked(image, question, nowNanos)
        .map(partition ->
            Findings.of(image, image.topic(id.topic()).orElseThrow(), partition, over.answers(id)))
        .filter(found -> !isHeld(id, found, nowNanos))
        .flatMap(found ->
            found
                .best()
                .map(best ->
                    new Recovery(
                        id,
                        question.partitionEpoch(),
                        found.answers(),
                        best.node(),
                        Optional.empty(),
                        found.ahead())));
  }

  /**
   * The partition, if it is still as it was, and is still to be led by the best of what is left.
   */
  private Optional<PartitionImage> stillAsked(
      ClusterImage image, LogQuestion question, long nowNanos) {
    var id = question.partition();
    return image
        .partition(id)
        .filter(now -> now.partitionEpoch().equals(question.partitionEpoch()))
        .filter(_ -> waits.overdueNanos(image, id, nowNanos) >= 0);
  }

  private boolean isHeld(PartitionId id, Findings found, long nowNanos) {
    var now = patience.getOrDefault(id, Patience.FRESH).looked(found, nowNanos);
    patience.put(id, now);
    return now.isHeld();
  }
}
