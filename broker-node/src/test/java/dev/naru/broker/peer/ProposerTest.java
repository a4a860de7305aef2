package dev.naru.broker.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.loop.LoopGroup;
import dev.naru.broker.loop.PartitionDirectory;
import dev.naru.broker.replica.LedCluster;
import dev.naru.broker.replica.PartitionAssignment;
import dev.naru.broker.rpc.ReplyRouter;
import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.AlterPartitions;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.DeclareLoss;
import dev.naru.metadata.command.DeclareLosses;
import dev.naru.metadata.command.IsrMember;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.SuspectNode;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.LogEnd;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.log.Applied;
import dev.naru.metadata.machine.MetadataMachine;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How proposals for many partitions reach the controller. */
class ProposerTest {

  private record Sent(MetadataCommand command, CompletableFuture<Outcome> outcome) {}

  private final List<Sent> sent = new ArrayList<>();
  private Optional<RuntimeException> fault = Optional.empty();
  private final List<Runnable> timers = new ArrayList<>();
  private Applied applied = new Applied(1, ClusterImage.empty("cluster"));
  private final Proposer proposer =
      new Proposer(
          command -> {
            fault.ifPresent(now -> {
              throw now;
            });
            var outcome = new CompletableFuture<Outcome>();
            sent.add(new Sent(command, outcome));
            return outcome;
          },
          index -> CompletableFuture.completedFuture(applied),
          () -> applied.image(),
          (delay, task) -> timers.add(task),
          Duration.ofSeconds(6));

  @Test
  void sendsAFewAloneAndWhatComesMeanwhileTogether() {
    for (int i = 0; i < 100; i++) {
      proposer.propose(proposal(i));
      proposer.propose(proposal(i)); // changes nothing
    }

    assertThat(commands())
        .hasSize(Proposer.COMMANDS_MAX)
        .allSatisfy(command -> assertThat(command).isInstanceOf(AlterPartition.class));
    sent.getFirst().outcome().complete(new Outcome.Accepted(1));

    assertThat(commands()).hasSize(Proposer.COMMANDS_MAX + 1);
    assertThat(sent.getLast().command())
        .isInstanceOfSatisfying(
            AlterPartitions.class,
            many -> assertThat(many.proposals()).hasSize(100 - Proposer.COMMANDS_MAX));
  }

  @Test
  void forgetsWhatWasDecidedAndWhatTheLogDidNotTake() {
    for (int i = 0; i < Proposer.COMMANDS_MAX + 2; i++) {
      proposer.propose(proposal(i));
    }
    sent.getFirst().outcome().complete(new Outcome.Accepted(1));
    var together = sent.getLast();
    var full = new Refused(ErrorCode.TOO_MANY_REQUESTS, "Expected fewer, but there are more");

    together.outcome().complete(new Outcome.NotAppended(full, Optional.empty()));
    sent.get(1).outcome().complete(new Outcome.Accepted(2));
    proposer.propose(proposal(0));
    proposer.propose(proposal(Proposer.COMMANDS_MAX));

    assertThat(commands().subList(Proposer.COMMANDS_MAX + 1, sent.size()))
        .containsExactly(proposal(0), proposal(Proposer.COMMANDS_MAX));
  }

  @Test
  void announcesLossesOneCommandAfterTheOther() {
    for (int i = 0; i < 100; i++) {
      proposer.declare(loss(i));
      proposer.declare(loss(i)); // changes nothing
    }
    assertThat(commands()).containsExactly(new DeclareLosses(List.of(loss(0))));

    sent.getFirst().outcome().complete(new Outcome.Accepted(1));

    assertThat(commands()).hasSize(2);
    assertThat(sent.getLast().command())
        .isInstanceOfSatisfying(
            DeclareLosses.class,
            many -> assertThat(many.losses()).hasSize(99).doesNotHaveDuplicates());
    sent.getLast().outcome().completeExceptionally(new IllegalStateException("unknown"));
    assertThat(commands()).hasSize(2);
    proposer.declare(loss(0));
    assertThat(commands()).as("whoever still waits says it again").hasSize(3);
  }

  /** As when the node stops, or no thread can be had: whoever still waits says it again. */
  @Test
  void announcesLossesAgainAfterACommandThatCouldNotBeSent() {
    fault = Optional.of(new IllegalStateException("closed"));
    proposer.declare(loss(0));
    assertThat(commands()).isEmpty();
    fault = Optional.empty();

    proposer.declare(loss(0));

    assertThat(commands()).containsExactly(new DeclareLosses(List.of(loss(0))));
  }

  @Test
  void announcesNoMoreThanFitIntoACommandAndKeepsNoMoreThanItMay() {
    for (int i = 0; i < 2 * LossAnnouncements.WAITING_MAX; i++) {
      proposer.declare(loss(i));
    }

    int announced = 0;
    for (int i = 0; i < sent.size(); i++) {
      int now = ((DeclareLosses) sent.get(i).command()).losses().size();
      assertThat(now).isLessThanOrEqualTo(DeclareLosses.LOSSES_MAX);
      announced += now;
      sent.get(i).outcome().complete(new Outcome.Accepted(i));
    }
    assertThat(announced).isEqualTo(1 + LossAnnouncements.WAITING_MAX);
  }

  @Test
  void saysThatItIsItselfAtFaultInsteadOfBeingAlone() {
    applied = new Applied(1, LedCluster.of(5, 25, 3));
    var alone = alone();
    alone.forEach(proposer::propose);
    assertThat(commands()).isEmpty();
    assertThat(timers).hasSize(1);

    timers.getFirst().run();

    assertThat(commands()).hasSize(1).first().isInstanceOf(SuspectNode.class);
    decide(sent.getFirst());
    assertThat(alone).noneMatch(this::isOpen);
    assertThat(commands()).as("they are settled").hasSize(1);
    proposer.propose(alone.getFirst());
    assertThat(commands()).as("and forgotten").endsWith(alone.getFirst());
  }

  @Test
  void sendsWhatTheControllerDoesNotTakeForItsFault() {
    applied = new Applied(1, LedCluster.of(5, 25, 3));
    var alone = alone();
    alone.forEach(proposer::propose);
    timers.getFirst().run();

    sent.getFirst().outcome().complete(new Outcome.Accepted(2)); // and nothing changed

    assertThat(commands().getLast()).isEqualTo(new AlterPartitions(alone));
  }

  @Test
  void sendsAfterAMomentWhatIsNoStorm() {
    applied = new Applied(1, LedCluster.of(5, 25, 3));
    alone().subList(0, 3).forEach(proposer::propose);

    timers.getFirst().run();

    assertThat(commands()).containsExactly(new AlterPartitions(alone().subList(0, 3)));
  }

  @Test
  void judgesOnceMoreWhereNobodyHasBegunToFollowWhatItLeads() {
    applied = new Applied(1, LedCluster.of(5, 25, 3));
    proposer.route(nobodyServes());
    alone().subList(0, 3).forEach(proposer::propose);

    timers.getFirst().run();

    assertThat(commands()).isEmpty();
    alone().forEach(proposer::propose);
    assertThat(timers).hasSize(2);
    timers.getLast().run();
    assertThat(commands()).hasSize(1).first().isInstanceOf(SuspectNode.class);
  }

  /** The image has named the leaders, and no log is open yet. */
  private static PartitionDirectory nobodyServes() {
    var loops =
        LoopGroup.start(
            1,
            () -> 0,
            Thread.ofPlatform().daemon().factory(),
            new ReplyRouter(),
            (seat, fault) -> {},
            1 << 20);
    loops.close();
    return new PartitionDirectory(
        new NodeId(1),
        loops,
        new PartitionDirectory.Opener() {
          @Override
          public void open(PartitionAssignment assignment, PartitionDirectory.Place place) {}

          @Override
          public void putAway(PartitionId partition, boolean isTopicDeleted) {}
        });
  }

  /** As the controller would. */
  private void decide(Sent asked) {
    var envelope =
        new CommandEnvelope(new NodeId(1), CommandEnvelope.UNREGISTERED, 1, 0, asked.command());
    applied = new Applied(2, MetadataMachine.apply(applied.image(), 2, envelope).image());
    asked.outcome().complete(new Outcome.Accepted(2));
  }

  private boolean isOpen(AlterPartition proposal) {
    return applied
        .image()
        .partition(proposal.partition())
        .filter(entry -> entry.partitionEpoch().equals(proposal.partitionEpoch()))
        .isPresent();
  }

  private List<AlterPartition> alone() {
    return LedCluster.ledBy(applied.image(), 1).stream()
        .map(id -> LedCluster.proposal(applied.image(), id, 1))
        .toList();
  }

  private List<MetadataCommand> commands() {
    return sent.stream().map(Sent::command).toList();
  }

  private static DeclareLoss loss(int partition) {
    return new DeclareLoss(
        new PartitionId(TopicId.of(1, 1), partition),
        new LeaderEpoch(6),
        new NodeId(1),
        new NodeEpoch(7),
        new LogEnd(Optional.of(new LeaderEpoch(4)), 120),
        100);
  }

  private static AlterPartition proposal(int partition) {
    var leader = new IsrMember(new NodeId(1), new NodeEpoch(7));
    return new AlterPartition(
        new PartitionId(TopicId.of(1, 1), partition),
        new LeaderEpoch(1),
        PartitionEpoch.ZERO,
        leader,
        List.of(leader));
  }
}
