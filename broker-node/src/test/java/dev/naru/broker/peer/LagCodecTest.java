package dev.naru.broker.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.naru.broker.group.LagAnswer;
import dev.naru.broker.group.LagPosition;
import dev.naru.proto.internal.v1.LagQuery;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LagCodecTest {

  private static final PartitionId PARTITION = new PartitionId(TopicId.of(7, 8), 3);

  @Test
  void readsPositionsAsTheyWereWritten() {
    var positions =
        List.of(
            new LagPosition(PARTITION, 0, Optional.empty()),
            new LagPosition(PARTITION, Long.MAX_VALUE, Optional.of(LeaderEpoch.ZERO)));

    var request = LagCodec.request("c", new NodeId(2), positions);

    assertThat(request.getClusterId()).isEqualTo("c");
    assertThat(request.getNode()).isEqualTo(2);
    assertThat(request.getQueriesList().stream().flatMap(one -> LagCodec.position(one).stream()))
        .containsExactlyElementsOf(positions);
  }

  @Test
  void readsAnswersAsTheyWereWritten() {
    List<LagAnswer> answers =
        List.of(
            new LagAnswer.Found(9, 4, OptionalLong.empty(), OptionalLong.empty()),
            new LagAnswer.Found(9, 4, OptionalLong.of(0), OptionalLong.of(-1)),
            new LagAnswer.Unknown(ErrorCode.NOT_LEADER));

    assertThat(LagCodec.answers(3, LagCodec.response(answers))).isEqualTo(answers);
  }

  @Test
  void refusesWhatCannotBe() {
    assertThat(LagCodec.position(LagQuery.getDefaultInstance())).as("no topic").isEmpty();
    var query = LagCodec.request("c", new NodeId(2), List.of(at(0))).getQueries(0).toBuilder();
    assertThat(LagCodec.position(query.clone().setOffset(-1).build())).isEmpty();
    assertThat(LagCodec.position(query.clone().setPartition(-1).build())).isEmpty();
    assertThat(LagCodec.position(query.clone().setLeaderEpoch(-1).build())).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LagCodec.answers(2, LagCodec.response(List.of())))
        .withMessage("Expected 2 answers, but were 0");
  }

  private static LagPosition at(long offset) {
    return new LagPosition(PARTITION, offset, Optional.empty());
  }
}
