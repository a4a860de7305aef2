package dev.naru.metadata.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.CancelOperation;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.DecommissionNode;
import dev.naru.metadata.command.DrainNode;
import dev.naru.metadata.command.FinalizeMetadataVersion;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.Placement;
import dev.naru.metadata.command.ReassignPartitions;
import dev.naru.metadata.command.UndrainNode;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CommandVersionTest {

  private static final UUID OPERATION = new UUID(1, 2);
  private static final NodeId ONE = new NodeId(1);

  private final TestCluster cluster = TestCluster.of(3);
  private final ClusterImage underOlderRules = cluster.image().withMetadataVersion(1);

  static Stream<MetadataCommand> commandsOfOperations() {
    var partition = TestCluster.of(3).topicLedBy1(3, Map.of());
    return Stream.of(
        new DrainNode(OPERATION, ONE),
        new UndrainNode(ONE),
        new ReassignPartitions(
            OPERATION,
            List.of(new Placement(partition, List.of(ONE, new NodeId(2), new NodeId(3)))),
            OptionalLong.empty()),
        new DecommissionNode(OPERATION, ONE, 7, OptionalLong.empty()),
        new CancelOperation(OPERATION));
  }

  @ParameterizedTest
  @MethodSource("commandsOfOperations")
  void refusesWhatTheRulesInForceDoNotKnow(MetadataCommand command) {
    assertThat(CommandVersion.whyNot(underOlderRules, command))
        .contains(
            new Refused(
                ErrorCode.METADATA_VERSION_TOO_LOW,
                "Expected metadata version 2, with which %s came, but 1 is in force: upgrade all nodes, then 'naru cluster upgrade finalize'"
                    .formatted(command.getClass().getSimpleName())));

    assertThat(CommandVersion.whyNot(cluster.image(), command)).isEmpty();
  }

  /**
   * Builds before version 2 appended these under version 1, and a replay must lead to their image.
   */
  @ParameterizedTest
  @MethodSource("commandsOfOperations")
  void whatStandsInTheLogIsDecidedAsUnderTheNewerRules(MetadataCommand command) {
    assertThat(decide(underOlderRules, command)).isEqualTo(decide(cluster.image(), command));
  }

  @Test
  void theWayToNewerRulesIsOpenUnderTheFirstOnes() {
    var command = new FinalizeMetadataVersion(2, "ann");

    assertThat(CommandVersion.whyNot(underOlderRules, command)).isEmpty();
    assertThat(decide(underOlderRules, command)).isInstanceOf(Decision.Accepted.class);
  }

  /** Who asks too early learns that, and not that the cluster is too old. */
  @Test
  void aClusterThatIsYetToBeInitializedSaysSo() {
    var none = ClusterImage.empty(TestCluster.CLUSTER_ID);

    assertThat(CommandVersion.whyNot(none, new UndrainNode(ONE))).isEmpty();
  }

  private Decision decide(ClusterImage image, MetadataCommand command) {
    return MetadataMachine.decide(
        image,
        cluster.index() + 1,
        new CommandEnvelope(ONE, CommandEnvelope.UNREGISTERED, 1, 1, command));
  }
}
