package dev.naru.simulation;

import dev.naru.broker.partition.LogStanding;
import dev.naru.broker.partition.PartitionInput.StandingAsked;
import dev.naru.metadata.command.LogAnswer;
import dev.naru.metadata.liveness.LogQuestion;
import dev.naru.metadata.liveness.RecoverySurvey;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Asks nodes what they hold, as the service between nodes does; answers may get lost, or be late.
 */
final class SimSurvey {

  private final SimCluster cluster;

  SimSurvey(SimCluster cluster) {
    this.cluster = cluster;
  }

  void ask(int from, RecoverySurvey survey) {
    survey
        .asked()
        .forEach((node, questions) ->
            cluster
                .net()
                .datagram(
                    from,
                    node.value(),
                    () ->
                        cluster
                            .node(node.value())
                            .process()
                            .ifPresent(process ->
                                process.asSoonAsRunning(
                                    () -> answer(from, process, questions, survey)))));
  }

  private void answer(
      int from, SimProcess process, List<LogQuestion> questions, RecoverySurvey survey) {
    if (process.isEnded() || process.registered().isEmpty()) {
      return;
    }
    var answers = new TreeMap<PartitionId, LogAnswer>();
    var left = new int[] {questions.size()};
    for (var question : questions) {
      process.post(
          question.partition(),
          new StandingAsked(
              question.partitionEpoch(),
              standing -> {
                standing.ifPresent(
                    found -> answers.put(question.partition(), answer(process, found)));
                if (--left[0] == 0) {
                  send(process, from, survey, answers);
                }
              }));
    }
  }

  private void send(
      SimProcess process, int to, RecoverySurvey survey, Map<PartitionId, LogAnswer> answers) {
    cluster
        .net()
        .datagram(process.node(), to, () -> survey.answered(process.machine().nodeId(), answers));
  }

  private static LogAnswer answer(SimProcess process, LogStanding standing) {
    var self = process.self();
    return switch (standing) {
      case LogStanding.Damaged() -> LogAnswer.damaged(self.id(), self.epoch());
      case LogStanding.Intact intact ->
          new LogAnswer(
              self.id(),
              self.epoch(),
              intact.log(),
              intact.durable(),
              intact.tail().start(),
              intact.highWatermark(),
              false);
    };
  }
}
