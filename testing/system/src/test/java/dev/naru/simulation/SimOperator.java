package dev.naru.simulation;

import dev.naru.metadata.command.LogAnswer;
import dev.naru.metadata.command.RecoverPartitions;
import dev.naru.metadata.command.Recovery;
import dev.naru.metadata.command.ShownLoss;
import dev.naru.metadata.image.LossCause;
import dev.naru.metadata.image.RecoveryMode;
import dev.naru.metadata.liveness.RecoverySurvey;
import dev.naru.metadata.machine.RecoveryChoice;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Optional;

/**
 * Somebody who looks now and then whether a partition has nobody safe left, and chooses who leads:
 * mostly the best replica, at times another one.
 */
final class SimOperator {

  private static final long READS_NANOS_MAX = 2 * World.SECOND;

  private final SimCluster cluster;
  private final Dice dice;

  SimOperator(SimCluster cluster, Dice dice) {
    this.cluster = cluster;
    this.dice = dice;
  }

  void begin() {
    if (cluster.scenario().recovery().isPresent()) {
      lookLater();
    }
  }

  private void lookLater() {
    boolean isOften = cluster.scenario().recovery().equals(Optional.of(RecoveryMode.STRICT));
    long nanosMax = isOften ? 3 * World.SECOND : 15 * World.SECOND;
    cluster.world().after(dice.between(100 * World.MILLI, nanosMax), this::look);
  }

  private void look() {
    lookLater();
    var id = dice.pick(cluster.partitionIds());
    cluster
        .node(1 + dice.below(cluster.scenario().nodes()))
        .process()
        .filter(process -> process.isRunning() && process.registered().isPresent())
        .ifPresent(process -> plan(process, id));
  }

  private void plan(SimProcess process, PartitionId id) {
    var image = process.image();
    var entry = image.partition(id);
    if (entry.filter(known -> RecoveryChoice.isDue(image, known)).isEmpty()) {
      return;
    }
    var survey = new RecoverySurvey(image, List.of(id), cluster.world().nowNanos());
    new SimSurvey(cluster).ask(process.node(), survey);
    process.later(
        dice.between(50 * World.MILLI, READS_NANOS_MAX), () -> choose(process, id, survey));
  }

  /** He has read what came until now, and takes it for true. */
  private void choose(SimProcess process, PartitionId id, RecoverySurvey survey) {
    var topic = process.image().topic(id.topic()).orElseThrow();
    var entry = process.image().partition(id).orElseThrow();
    var answers = survey.answers(id);
    var usable = answers.stream().filter(answer -> RecoveryChoice.isUsable(topic, answer)).toList();
    if (usable.isEmpty() || entry.hasLeader()) {
      return;
    }
    LogAnswer choice =
        dice.chance(0.7)
            ? RecoveryChoice.best(topic, entry, answers).orElseThrow()
            : dice.pick(usable);
    var shown = ShownLoss.of(RecoveryChoice.loss(entry, answers, choice, LossCause.OPERATOR));
    var command =
        new RecoverPartitions(
            List.of(
                new Recovery(
                    id,
                    survey.questions().iterator().next().partitionEpoch(),
                    answers,
                    choice.node(),
                    Optional.of(shown))));
    cluster.tally().count("operators");
    cluster.controller().submit(process.node(), process.envelope(command), _ -> {});
  }
}
