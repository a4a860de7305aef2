package dev.naru.broker.peer;

import dev.naru.broker.group.LagAnswer;
import dev.naru.broker.group.LagPosition;
import dev.naru.broker.rpc.ProtoIds;
import dev.naru.proto.internal.v1.LagQuery;
import dev.naru.proto.internal.v1.MeasureLagRequest;
import dev.naru.proto.internal.v1.MeasureLagResponse;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Positions and what lies behind them, between messages and values. */
final class LagCodec {

  private LagCodec() {}

  static MeasureLagRequest request(String clusterId, NodeId node, List<LagPosition> positions) {
    var request = MeasureLagRequest.newBuilder().setClusterId(clusterId).setNode(node.value());
    positions.forEach(position -> request.addQueries(query(position)));
    return request.build();
  }

  private static LagQuery query(LagPosition position) {
    var query =
        LagQuery.newBuilder()
            .setTopicId(ProtoIds.uuid(position.partition().topic()))
            .setPartition(position.partition().partition())
            .setOffset(position.offset());
    position.epoch().ifPresent(epoch -> query.setLeaderEpoch(epoch.value()));
    return query.build();
  }

  /** Empty for a question about nothing that can be. */
  static Optional<LagPosition> position(LagQuery query) {
    if (query.getOffset() < 0 || (query.hasLeaderEpoch() && query.getLeaderEpoch() < 0)) {
      return Optional.empty();
    }
    var epoch =
        query.hasLeaderEpoch()
            ? Optional.of(new LeaderEpoch(query.getLeaderEpoch()))
            : Optional.<LeaderEpoch>empty();
    return ProtoIds.partition(query.getTopicId(), query.getPartition())
        .map(partition -> new LagPosition(partition, query.getOffset(), epoch));
  }

  static MeasureLagResponse response(List<LagAnswer> answers) {
    var response = MeasureLagResponse.newBuilder();
    answers.forEach(answer -> response.addAnswers(message(answer)));
    return response.build();
  }

  private static dev.naru.proto.internal.v1.LagAnswer message(LagAnswer answer) {
    var message = dev.naru.proto.internal.v1.LagAnswer.newBuilder();
    return switch (answer) {
      case LagAnswer.Unknown(var why) -> message.setError(ProtoIds.code(why)).build();
      case LagAnswer.Found found -> {
        message
            .setError(ProtoIds.code(ErrorCode.NONE))
            .setHighWatermark(found.highWatermark())
            .setLogStart(found.logStart());
        found.oldestMillis().ifPresent(message::setOldestUnreadMs);
        found.partedAt().ifPresent(message::setPartedAt);
        yield message.build();
      }
    };
  }

  /**
   * What a node answered to so many questions.
   *
   * @throws IllegalArgumentException if these are not as many answers
   */
  static List<LagAnswer> answers(int questions, MeasureLagResponse response) {
    if (response.getAnswersCount() != questions) {
      throw new IllegalArgumentException(
          "Expected %d answers, but were %d".formatted(questions, response.getAnswersCount()));
    }
    return response.getAnswersList().stream().map(LagCodec::answer).toList();
  }

  private static LagAnswer answer(dev.naru.proto.internal.v1.LagAnswer message) {
    var error = ProtoIds.code(message.getErrorValue());
    if (error != ErrorCode.NONE) {
      return new LagAnswer.Unknown(error);
    }
    return new LagAnswer.Found(
        message.getHighWatermark(),
        message.getLogStart(),
        message.hasPartedAt() ? OptionalLong.of(message.getPartedAt()) : OptionalLong.empty(),
        message.hasOldestUnreadMs()
            ? OptionalLong.of(message.getOldestUnreadMs())
            : OptionalLong.empty());
  }
}
