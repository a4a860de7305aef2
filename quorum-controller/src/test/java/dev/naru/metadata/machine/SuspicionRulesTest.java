package dev.naru.metadata.machine;

import static dev.naru.metadata.machine.PartitionClaims.assertInShort;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.AlterPartitions;
import dev.naru.metadata.command.DeleteTopic;
import dev.naru.metadata.command.ElectLeaders;
import dev.naru.metadata.command.ElectionKind;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.SuspectNode;
import dev.naru.metadata.event.MetadataEvent.NodeSuspected;
import dev.naru.metadata.image.NodeState;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SuspicionRulesTest {

  private static final NodeId ONE = new NodeId(1);

  private final TestCluster cluster = TestCluster.of(5);

  /** What node 1 leads and could be alone in; others lead the rest. */
  private final List<PartitionId> led = ledBy1(5, 3);

  private final List<PartitionId> others = ledByOthers(12, 3);

  @Test
  @Tag("S52")
  void aLeaderThatWouldBeAloneInMostOfItsIsrsLeadsNothingAndIsAloneInNone() {
    var before = led.stream().map(cluster::partition).toList();

    var transition = cluster.accept(alone(led.subList(0, 4)));

    assertThat(transition.events()).contains(new NodeSuspected(ONE));
    assertThat(cluster.node(1).state()).isEqualTo(NodeState.SUSPECTED);
    for (int i = 0; i < led.size(); i++) {
      var after = cluster.partition(led.get(i));
      assertThat(after.isr()).isEqualTo(before.get(i).isr());
      assertThat(after.isLedBy(ONE)).isFalse();
      assertThat(after.leaderEpoch()).isEqualTo(before.get(i).leaderEpoch().next());
    }
  }

  @Test
  void whatItSaysOfItselfIsJudgedByTheSameRule() {
    cluster.accept(suspect(led.subList(0, 3)));
    assertThat(cluster.node(1).state()).as("3 of 5").isEqualTo(NodeState.ACTIVE);

    cluster.accept(suspect(led.subList(0, 4)));

    assertThat(cluster.node(1).state()).isEqualTo(NodeState.SUSPECTED);
    assertThat(led).noneMatch(id -> cluster.partition(id).isLedBy(ONE));
  }

  @Test
  void oneProposalAfterTheOtherIsAStormTooOnceTheyAreEnough() {
    led.subList(0, 3).forEach(id -> cluster.accept(cluster.proposal(id, 1)));
    assertThat(led.subList(0, 3)).allMatch(id -> cluster.partition(id).isr().size() == 1);

    cluster.accept(cluster.proposal(led.get(3), 1));

    assertThat(cluster.node(1).state()).isEqualTo(NodeState.SUSPECTED);
    assertThat(cluster.partition(led.get(3)).isr()).hasSize(3);
    assertThat(led.subList(0, 3))
        .as("nobody else could lead these")
        .allMatch(id -> cluster.partition(id).isLedBy(ONE));
    assertThat(led.subList(3, 5)).noneMatch(id -> cluster.partition(id).isLedBy(ONE));
  }

  @Test
  void followersThatWereDroppedWhileAnotherWasThereAreLostAsWell() {
    var three = TestCluster.of(3);
    var ids = new ArrayList<PartitionId>();
    for (int i = 0; i < 4; i++) {
      ids.add(three.topicLedBy1(3, Map.of()));
    }
    ids.forEach(id -> three.accept(three.proposal(id, 1, 2)));
    assertThat(three.node(1).state()).isEqualTo(NodeState.ACTIVE);

    three.accept(new AlterPartitions(ids.stream().map(id -> three.proposal(id, 1)).toList()));

    assertThat(three.node(1).state()).isEqualTo(NodeState.SUSPECTED);
    assertThat(ids).allMatch(id -> three.partition(id).isLedBy(new NodeId(2)));
  }

  @Test
  void whoIsSuspectedIsTakenAtItsWord() {
    cluster.accept(alone(led));
    var id = led.getFirst();
    var heirs = cluster.partition(id).isr().minus(ONE);
    heirs.forEach(node -> cluster.fence(node.value()));
    assertInShort(
        cluster.partition(id),
        "leader 1 isr [1] elr {%s=unbroken}".formatted(heirs.stream().toList().getLast()));
    heirs.forEach(node -> cluster.unfence(node.value()));

    assertThat(cluster.node(1).state()).isEqualTo(NodeState.SUSPECTED);
    assertThat(cluster.partition(id).isLedBy(ONE)).isTrue();
  }

  /** What tells against it is news; the other was suspected before, and nobody has dropped it. */
  @Test
  @Tag("S52")
  void itGivesWayAlsoToOneThatWasSuspectedBefore() {
    var two = new NodeId(2);
    var leftWithOne = new ArrayList<PartitionId>();
    while (leftWithOne.size() < 3) {
      var id = fresh(3, Optional.of(two));
      if (cluster.partition(id).isr().contains(ONE)) {
        leftWithOne.add(id);
      } else {
        cluster.accept(new DeleteTopic(id.topic()));
      }
    }
    cluster.accept(alone(led));
    leftWithOne.forEach(id -> cluster.accept(cluster.proposal(id, 2, 1)));
    var all =
        cluster.image().partitionIds().filter(id -> cluster.partition(id).isLedBy(two)).toList();

    cluster.accept(new SuspectNode(two, cluster.epoch(2), all));

    assertThat(cluster.node(1).state()).isEqualTo(NodeState.SUSPECTED);
    assertThat(cluster.node(2).state()).isEqualTo(NodeState.SUSPECTED);
    for (var id : leftWithOne) {
      assertInShort(cluster.partition(id), "leader 1 isr [1, 2] elr {}");
    }
    assertThat(all)
        .filteredOn(id -> !leftWithOne.contains(id))
        .as("where somebody leads whom nobody suspects")
        .noneMatch(id -> cluster.partition(id).isLedBy(ONE) || cluster.partition(id).isLedBy(two));
  }

  @Test
  void fencedFollowersAreNoEvidence() {
    for (int node = 2; node <= 5; node++) {
      cluster.fence(node);
    }
    assertThat(led).allMatch(id -> cluster.partition(id).isr().size() == 1);
    assertThat(cluster.node(1).state()).isEqualTo(NodeState.ACTIVE);
  }

  @Test
  void followersThatNobodyElseHasInSyncAreNoEvidence() {
    // They look alive, but all leaders say that nobody keeps up but node 1.
    others.forEach(id -> cluster.accept(new DeleteTopic(id.topic())));
    for (var id : ledByOthers(8, 5)) {
      var leader = cluster.partition(id).leader().orElseThrow();
      cluster.accept(cluster.proposal(id, leader.value(), 1));
    }

    cluster.accept(alone(led));

    assertThat(cluster.node(1).state()).isEqualTo(NodeState.ACTIVE);
    assertThat(led).allMatch(id -> cluster.partition(id).isr().size() == 1);
  }

  @Test
  void whereNobodyElseLeadsBeingServedIsEnough() {
    others.forEach(id -> cluster.accept(new DeleteTopic(id.topic())));

    cluster.accept(alone(led));

    assertThat(cluster.node(1).state()).isEqualTo(NodeState.SUSPECTED);
    assertThat(led).noneMatch(id -> cluster.partition(id).isLedBy(ONE));
  }

  @Test
  void allAreSuspectedOnceAndThenGoOnAlone() {
    // No link works, but each still reaches the controller.
    for (int round = 0; round < 3; round++) {
      for (int node = 1; node <= 5; node++) {
        var id = new NodeId(node);
        var ids =
            cluster
                .image()
                .partitionIds()
                .filter(p -> cluster.partition(p).isLedBy(id))
                .filter(p -> cluster.partition(p).isr().size() > 1)
                .toList();
        cluster.accept(
            new AlterPartitions(ids.stream().map(p -> cluster.proposal(p, id.value())).toList()));
      }
    }

    assertThat(cluster.image().partitionIds())
        .allMatch(id -> cluster.partition(id).isr().size() == 1);
  }

  @Test
  void oneFollowerLessIsThatFollowersFault() {
    var two = TestCluster.of(2);
    var ids = new ArrayList<PartitionId>();
    for (int i = 0; i < 5; i++) {
      ids.add(two.topicLedBy1(2, Map.of()));
    }

    two.accept(new AlterPartitions(ids.stream().map(id -> two.proposal(id, 1)).toList()));

    assertThat(two.node(1).state()).isEqualTo(NodeState.ACTIVE);
    assertThat(ids).allMatch(id -> two.partition(id).isLedBy(ONE));
    assertThat(ids).allMatch(id -> two.partition(id).isr().size() == 1);
  }

  @Test
  void fewPartitionsAreNoStorm() {
    var few = TestCluster.of(5);
    few.topic("other", 5, Map.of());
    var two = List.of(few.topicLedBy1(3, Map.of()), few.topicLedBy1(3, Map.of()));

    var ledNow = two.size() + (few.partition(two.getFirst()).isLedBy(ONE) ? 0 : 1);
    few.accept(new AlterPartitions(two.stream().map(id -> few.proposal(id, 1)).toList()));

    assertThat(ledNow).isEqualTo(2);
    assertThat(few.node(1).state()).isEqualTo(NodeState.ACTIVE);
  }

  @Test
  void itIsTrustedAgainOnceItHasKeptUpUnderSomebodyElse() {
    cluster.accept(alone(led));
    var id = led.getFirst();
    var leader = cluster.partition(id).leader().orElseThrow().value();
    cluster.accept(cluster.proposal(id, withoutOne(id)));
    assertThat(cluster.node(1).state()).isEqualTo(NodeState.SUSPECTED);

    cluster.accept(cluster.proposal(id, with(withoutOne(id), 1)));

    assertThat(cluster.node(1).state()).isEqualTo(NodeState.ACTIVE);
    assertThat(cluster.partition(id).isLedBy(new NodeId(leader))).isTrue();
  }

  @Test
  void itIsTrustedAgainWhenSomebodyAsksForItAsPreferredLeader() {
    var preferred =
        led.stream()
            .filter(id -> cluster.partition(id).replicaNodes().getFirst().equals(ONE))
            .toList();
    cluster.accept(alone(led));

    cluster.accept(new ElectLeaders(preferred, ElectionKind.PREFERRED));

    assertThat(preferred).isNotEmpty().allMatch(id -> cluster.partition(id).isLedBy(ONE));
    assertThat(cluster.node(1).state()).isEqualTo(NodeState.ACTIVE);
  }

  @Test
  void aSuspectedNodeLeadsNoNewTopicThatAnotherCould() {
    cluster.accept(alone(led));

    for (int i = 0; i < 20; i++) {
      assertThat(cluster.partition(cluster.topic("new-" + i, 5, Map.of())).isLedBy(ONE)).isFalse();
    }
  }

  @Test
  void refusesOtherEpochsThanThePresentOneAndListsWithoutBound() {
    assertThat(cluster.refusal(new SuspectNode(ONE, new NodeEpoch(1_000), led)))
        .isEqualTo(ErrorCode.UNKNOWN_NODE_EPOCH);
    assertThat(
            cluster.refusal(
                suspect(Collections.nCopies(MetadataCommand.ENTRIES_MAX + 1, led.getFirst()))))
        .isEqualTo(ErrorCode.LIMIT_EXCEEDED);
  }

  private SuspectNode suspect(List<PartitionId> alone) {
    return new SuspectNode(ONE, cluster.epoch(1), alone);
  }

  private AlterPartitions alone(List<PartitionId> ids) {
    return new AlterPartitions(
        ids.stream().<AlterPartition>map(id -> cluster.proposal(id, 1)).toList());
  }

  private int[] withoutOne(PartitionId id) {
    return cluster.partition(id).isr().minus(ONE).stream().mapToInt(NodeId::value).toArray();
  }

  private static int[] with(int[] nodes, int more) {
    return IntStream.concat(IntStream.of(nodes), IntStream.of(more)).toArray();
  }

  private List<PartitionId> ledBy1(int count, int copies) {
    var ids = new ArrayList<PartitionId>();
    while (ids.size() < count) {
      ids.add(fresh(copies, Optional.of(ONE)));
    }
    return ids;
  }

  private List<PartitionId> ledByOthers(int count, int copies) {
    var ids = new ArrayList<PartitionId>();
    while (ids.size() < count) {
      ids.add(fresh(copies, Optional.empty()));
    }
    return ids;
  }

  /** Led by this node, or by none but node 1. Those drawn in vain are deleted. */
  private PartitionId fresh(int copies, Optional<NodeId> leader) {
    while (true) {
      var id = cluster.topic("t" + cluster.index(), copies, Map.of());
      PartitionImage entry = cluster.partition(id);
      boolean fits = leader.map(entry::isLedBy).orElse(!entry.isLedBy(ONE));
      if (fits) {
        return id;
      }
      cluster.accept(new DeleteTopic(id.topic()));
    }
  }
}
