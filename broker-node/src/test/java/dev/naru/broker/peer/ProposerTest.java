package dev.naru.broker.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.AlterPartitions;
import dev.naru.metadata.command.IsrMember;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.log.Applied;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How proposals for many partitions reach the controller. */
class ProposerTest {

  private record Sent(MetadataCommand command, CompletableFuture<Outcome> outcome) {}

  private final List<Sent> sent = new ArrayList<>();
  private final Applied empty = new Applied(1, ClusterImage.empty("cluster"));
  private final Proposer proposer =
      new Proposer(
          command -> {
            var outcome = new CompletableFuture<Outcome>();
            sent.add(new Sent(command, outcome));
            return outcome;
          },
          index -> CompletableFuture.completedFuture(empty));

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

  private List<MetadataCommand> commands() {
    return sent.stream().map(Sent::command).toList();
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
