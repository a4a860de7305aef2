package dev.naru.metadata.codec;

import dev.naru.metadata.command.DeclareLoss;
import dev.naru.metadata.command.DeclareLosses;
import dev.naru.metadata.command.LogAnswer;
import dev.naru.metadata.command.RecoverPartitions;
import dev.naru.metadata.command.Recovery;
import dev.naru.metadata.command.ShownLoss;
import dev.naru.metadata.image.DeclaredLoss;
import dev.naru.metadata.image.LogEnd;
import dev.naru.metadata.image.LossCause;
import dev.naru.metadata.image.OffsetRange;
import dev.naru.proto.internal.v1.DeclareLossCommand;
import dev.naru.proto.internal.v1.DeclareLossesCommand;
import dev.naru.proto.internal.v1.LossRecord;
import dev.naru.proto.internal.v1.LossShown;
import dev.naru.proto.internal.v1.Member;
import dev.naru.proto.internal.v1.PartitionRecovery;
import dev.naru.proto.internal.v1.RecoverPartitionsCommand;
import dev.naru.proto.internal.v1.RecoveryCause;
import dev.naru.proto.internal.v1.ReplicaAnswer;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionEpoch;
import java.util.List;
import java.util.Optional;
import org.pcollections.TreePSet;

/** Writes and reads what is about lost records, in commands and in snapshots. */
final class RecoveryMessages {

  private RecoveryMessages() {}

  static RecoverPartitionsCommand write(RecoverPartitions command) {
    return RecoverPartitionsCommand.newBuilder()
        .addAllRecoveries(command.recoveries().stream().map(RecoveryMessages::write).toList())
        .build();
  }

  private static PartitionRecovery write(Recovery recovery) {
    var message =
        PartitionRecovery.newBuilder()
            .setPartition(Values.write(recovery.partition()))
            .setPartitionEpoch(recovery.partitionEpoch().value())
            .addAllAnswers(recovery.answers().stream().map(RecoveryMessages::write).toList())
            .setChoice(recovery.choice().value())
            .addAllPassedOver(numbers(recovery.passedOver()));
    recovery
        .shown()
        .ifPresent(shown ->
            message.setShown(
                LossShown.newBuilder()
                    .setKept(Values.write(shown.kept()))
                    .setFrom(shown.from())
                    .setTo(shown.to())
                    .setExact(shown.isExact())));
    return message.build();
  }

  private static ReplicaAnswer write(LogAnswer answer) {
    var message =
        ReplicaAnswer.newBuilder()
            .setReplica(member(answer.node(), answer.epoch()))
            .setExtent(Values.write(answer.log()))
            .setDurableEnd(answer.durableEnd())
            .setLogStart(answer.logStart())
            .setHighWatermark(answer.highWatermark())
            .setDamaged(answer.isDamaged());
    answer.durable().lastEpoch().ifPresent(epoch -> message.setDurableEpoch(epoch.value()));
    return message.build();
  }

  static DeclareLossesCommand write(DeclareLosses command) {
    return DeclareLossesCommand.newBuilder()
        .addAllLosses(command.losses().stream().map(RecoveryMessages::write).toList())
        .build();
  }

  private static DeclareLossCommand write(DeclareLoss loss) {
    return DeclareLossCommand.newBuilder()
        .setPartition(Values.write(loss.partition()))
        .setLossEpoch(loss.lossEpoch().value())
        .setReplica(member(loss.node(), loss.epoch()))
        .setExtent(Values.write(loss.log()))
        .setCutFrom(loss.cutFrom())
        .build();
  }

  private static Member member(NodeId node, NodeEpoch epoch) {
    return Member.newBuilder().setNode(node.value()).setNodeEpoch(epoch.value()).build();
  }

  static LossRecord write(DeclaredLoss loss) {
    var message =
        LossRecord.newBuilder()
            .setLeaderEpoch(loss.leaderEpoch().value())
            .setKept(Values.write(loss.kept()))
            .setFrom(loss.from())
            .setTo(loss.to())
            .setExact(loss.isExact())
            .addAllUnheard(numbers(loss.unheard()))
            .addAllPassedOver(numbers(loss.passedOver()))
            .setCause(
                switch (loss.cause()) {
                  case MODE -> RecoveryCause.RECOVERY_CAUSE_MODE;
                  case OPERATOR -> RecoveryCause.RECOVERY_CAUSE_OPERATOR;
                });
    if (loss.declared().from() > loss.from()) {
      message.setSurelyFrom(loss.declared().from());
    }
    loss.announced()
        .ifPresent(range -> message.setAnnouncedFrom(range.from()).setAnnouncedTo(range.to()));
    return message.build();
  }

  static RecoverPartitions read(RecoverPartitionsCommand command) {
    return new RecoverPartitions(
        command.getRecoveriesList().stream().map(RecoveryMessages::read).toList());
  }

  private static Recovery read(PartitionRecovery recovery) {
    return new Recovery(
        Values.read(recovery.getPartition()),
        new PartitionEpoch(recovery.getPartitionEpoch()),
        recovery.getAnswersList().stream().map(RecoveryMessages::read).toList(),
        new NodeId(recovery.getChoice()),
        recovery.hasShown() ? Optional.of(read(recovery.getShown())) : Optional.empty(),
        nodes(recovery.getPassedOverList()));
  }

  private static LogAnswer read(ReplicaAnswer answer) {
    return new LogAnswer(
        new NodeId(answer.getReplica().getNode()),
        new NodeEpoch(answer.getReplica().getNodeEpoch()),
        Values.read(answer.getExtent()),
        new LogEnd(
            answer.hasDurableEpoch()
                ? Optional.of(new LeaderEpoch(answer.getDurableEpoch()))
                : Optional.empty(),
            answer.getDurableEnd()),
        answer.getLogStart(),
        answer.getHighWatermark(),
        answer.getDamaged());
  }

  private static ShownLoss read(LossShown shown) {
    return new ShownLoss(
        Values.read(shown.getKept()), shown.getFrom(), shown.getTo(), shown.getExact());
  }

  static DeclareLosses read(DeclareLossesCommand command) {
    return new DeclareLosses(command.getLossesList().stream().map(RecoveryMessages::read).toList());
  }

  private static DeclareLoss read(DeclareLossCommand loss) {
    return new DeclareLoss(
        Values.read(loss.getPartition()),
        new LeaderEpoch(loss.getLossEpoch()),
        new NodeId(loss.getReplica().getNode()),
        new NodeEpoch(loss.getReplica().getNodeEpoch()),
        Values.read(loss.getExtent()),
        loss.getCutFrom());
  }

  static DeclaredLoss read(LossRecord loss) {
    return new DeclaredLoss(
        new LeaderEpoch(loss.getLeaderEpoch()),
        Values.read(loss.getKept()),
        loss.getFrom(),
        new OffsetRange(loss.hasSurelyFrom() ? loss.getSurelyFrom() : loss.getFrom(), loss.getTo()),
        loss.hasAnnouncedFrom()
            ? Optional.of(new OffsetRange(loss.getAnnouncedFrom(), loss.getAnnouncedTo()))
            : Optional.empty(),
        loss.getExact(),
        nodes(loss.getUnheardList()),
        nodes(loss.getPassedOverList()),
        switch (loss.getCause()) {
          case RECOVERY_CAUSE_MODE -> LossCause.MODE;
          case RECOVERY_CAUSE_OPERATOR -> LossCause.OPERATOR;
          case RECOVERY_CAUSE_UNSPECIFIED, UNRECOGNIZED ->
              throw Values.unknown("cause of a recovery", loss.getCause());
        });
  }

  private static List<Integer> numbers(TreePSet<NodeId> nodes) {
    return nodes.stream().map(NodeId::value).toList();
  }

  private static TreePSet<NodeId> nodes(List<Integer> numbers) {
    return TreePSet.from(numbers.stream().map(NodeId::new).toList());
  }
}
