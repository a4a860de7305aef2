package dev.naru.metadata.machine;

import dev.naru.metadata.command.DeclareLoss;
import dev.naru.metadata.command.DeclareLosses;
import dev.naru.metadata.command.LogAnswer;
import dev.naru.metadata.command.RecoverPartitions;
import dev.naru.metadata.command.Recovery;
import dev.naru.metadata.command.ShownLoss;
import dev.naru.metadata.image.DeclaredLoss;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.LogEnd;
import dev.naru.metadata.image.LossCause;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A partition that node 1 led alone. Node 1 is gone; 2 and 3 are there, and may lack what it
 * acknowledged.
 */
final class LeaderlessPartition {

  private final TestCluster cluster;
  private PartitionId id;

  private LeaderlessPartition(TestCluster cluster) {
    this.cluster = cluster;
    id = withoutLeader(Map.of("recovery.mode", "available"));
  }

  /** Of a topic whose partitions are led by what is left of them. */
  static LeaderlessPartition in(TestCluster cluster) {
    return new LeaderlessPartition(cluster);
  }

  private PartitionId withoutLeader(Map<String, String> configs) {
    var all = new TreeMap<>(configs);
    all.put("min.insync.replicas", "1");
    var made = cluster.topicLedBy1(3, all);
    cluster.accept(cluster.proposal(made, 1));
    cluster.fence(1);
    cluster.register(1, LastStop.CLEAN); // so that it has a place, and is not there yet
    return made;
  }

  /** Goes on with another one, of a topic with these settings. */
  void replace(Map<String, String> configs) {
    id = another(configs);
  }

  /** One more beside it. */
  PartitionId another(Map<String, String> configs) {
    cluster.restart(1);
    return withoutLeader(configs);
  }

  /** Goes on with one that node 1 led alone, and in which node 4 had a place; both are gone. */
  void replaceByOneWithTwoSafeReplicas() {
    cluster.start(4);
    cluster.start(1);
    id = cluster.topicLedBy1(4, Map.of("recovery.mode", "available", "min.insync.replicas", "2"));
    cluster.accept(cluster.proposal(id, 1, 4));
    cluster.fence(4);
    cluster.fence(1);
  }

  PartitionId id() {
    return id;
  }

  PartitionImage entry() {
    return cluster.partition(id);
  }

  /** The newest. */
  DeclaredLoss loss() {
    return entry().losses().last().orElseThrow();
  }

  // ---- commands

  RecoverPartitions recover(LogAnswer... answers) {
    return recover(3, answers);
  }

  RecoverPartitions recover(int choice, LogAnswer... answers) {
    return recover(choice, Optional.empty(), answers);
  }

  RecoverPartitions byOperator(int choice, ShownLoss seen, LogAnswer... answers) {
    return recover(choice, Optional.of(seen), answers);
  }

  private RecoverPartitions recover(int choice, Optional<ShownLoss> seen, LogAnswer... answers) {
    return new RecoverPartitions(
        List.of(
            new Recovery(
                id, entry().partitionEpoch(), List.of(answers), new NodeId(choice), seen)));
  }

  ShownLoss shown(int choice, LogAnswer... answers) {
    var chosen =
        List.of(answers).stream()
            .filter(answer -> answer.node().value() == choice)
            .findFirst()
            .orElseThrow();
    return ShownLoss.of(RecoveryChoice.loss(entry(), List.of(answers), chosen, LossCause.OPERATOR));
  }

  DeclareLosses declare(int node, int epoch, long end, long cutFrom) {
    return only(announced(node, epoch, end, cutFrom));
  }

  DeclareLoss announced(int node, int epoch, long end, long cutFrom) {
    return new DeclareLoss(
        id, loss().leaderEpoch(), new NodeId(node), cluster.epoch(node), log(epoch, end), cutFrom);
  }

  static DeclareLosses only(DeclareLoss loss) {
    return new DeclareLosses(List.of(loss));
  }

  // ---- answers

  LogAnswer answer(int node, int epoch, long end) {
    return answer(node, epoch, end, end);
  }

  LogAnswer answer(int node, int epoch, long end, long durableEnd) {
    return answer(node, epoch, end, durableEnd, 50);
  }

  LogAnswer answer(int node, int epoch, long end, long durableEnd, long highWatermark) {
    return new LogAnswer(
        new NodeId(node),
        cluster.epoch(node),
        log(epoch, end),
        log(epoch, durableEnd),
        0,
        highWatermark,
        false);
  }

  static LogAnswer beginningAt(LogAnswer answer, long logStart) {
    return new LogAnswer(
        answer.node(),
        answer.epoch(),
        answer.log(),
        answer.durable(),
        logStart,
        Math.max(logStart, answer.highWatermark()),
        false);
  }

  LogAnswer damaged(int node) {
    return LogAnswer.damaged(new NodeId(node), cluster.epoch(node));
  }

  static LogEnd log(int epoch, long end) {
    return new LogEnd(Optional.of(new LeaderEpoch(epoch)), end);
  }
}
