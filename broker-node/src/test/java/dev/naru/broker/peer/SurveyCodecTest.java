package dev.naru.broker.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.partition.LogStanding;
import dev.naru.broker.replica.LogTail;
import dev.naru.metadata.command.LogAnswer;
import dev.naru.metadata.image.LogEnd;
import dev.naru.metadata.liveness.LogQuestion;
import dev.naru.proto.internal.v1.FoundReplica;
import dev.naru.proto.internal.v1.SurveyLogsResponse;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SurveyCodecTest {

  private static final NodeId NODE = new NodeId(2);
  private static final NodeEpoch EPOCH = new NodeEpoch(20);
  private static final List<LogQuestion> QUESTIONS = List.of(question(0), question(1), question(2));

  private static final LogAnswer INTACT =
      new LogAnswer(
          NODE,
          EPOCH,
          new LogEnd(Optional.of(new LeaderEpoch(4)), 120),
          new LogEnd(Optional.of(new LeaderEpoch(3)), 110),
          20,
          100,
          false);

  @Test
  void aQuestionComesOverAsItIs() {
    var request = SurveyCodec.request("c", NODE, QUESTIONS);

    assertThat(request.getQuestionsList())
        .extracting(message -> SurveyCodec.question(message).orElseThrow())
        .isEqualTo(QUESTIONS);
  }

  @Test
  void anAnswerComesOverAsItIs() {
    assertThat(answers(found(0), SurveyCodec.found(2, new LogStanding.Damaged())))
        .containsExactly(
            Map.entry(id(0), INTACT), Map.entry(id(2), LogAnswer.damaged(NODE, EPOCH)));
  }

  @Test
  void anAnswerThatCannotBeDoesNotTakeTheOthersAway() {
    var watermarkAboveEnd = found(1).toBuilder().setHighWatermark(121).build();
    var negativeEpoch = found(2).toBuilder().setLastEpoch(-1).build();
    var moreOnDiskThanThereIs = found(1).toBuilder().setDurableEpoch(5).setDurableEnd(120).build();

    assertThat(answers(watermarkAboveEnd, found(0), negativeEpoch, moreOnDiskThanThereIs))
        .containsExactly(Map.entry(id(0), INTACT));
  }

  @Test
  void anAnswerToNoQuestionDoesNotTakeTheOthersAway() {
    assertThat(answers(found(3), found(-1), found(0))).containsExactly(Map.entry(id(0), INTACT));
  }

  private static Map<PartitionId, LogAnswer> answers(FoundReplica... found) {
    var response =
        SurveyLogsResponse.newBuilder()
            .setNodeEpoch(EPOCH.value())
            .addAllAnswers(List.of(found))
            .build();
    return SurveyCodec.answers(NODE, QUESTIONS, response);
  }

  private static FoundReplica found(int question) {
    var tail =
        new LogTail(20, 120, 110, Optional.of(new LeaderEpoch(4)), OptionalInt.of(0x1234), 0);
    return SurveyCodec.found(
        question, new LogStanding.Intact(tail, Optional.of(new LeaderEpoch(3)), 100));
  }

  private static LogQuestion question(int partition) {
    return new LogQuestion(id(partition), new PartitionEpoch(7));
  }

  private static PartitionId id(int partition) {
    return new PartitionId(TopicId.of(1, 2), partition);
  }
}
