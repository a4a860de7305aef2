package dev.naru.metadata.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.DecommissionNode;
import dev.naru.metadata.command.DirectoryReport;
import dev.naru.metadata.command.RegisterNode;
import dev.naru.metadata.command.ReportLogs;
import dev.naru.metadata.image.LastStop;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Node 4 was decommissioned, and its id is another machine's now. */
class QuorumEntryTest {

  private static final NodeId FOUR = new NodeId(4);
  private static final List<UUID> OF_THE_FIRST = List.of(TestCluster.directory(4));
  private static final List<UUID> OF_THE_SECOND = List.of(new UUID(8, 4));
  private static final List<UUID> REPLACEMENT = List.of(new UUID(9, 4));

  private final TestCluster cluster = TestCluster.of(3);
  private final NodeEpoch firstEpoch = givesItsIdAway();

  @Test
  void theMachineThatWasDecommissionedIsToldSo() {
    assertThat(whyNot(Optional.of(firstEpoch), OF_THE_FIRST))
        .hasValueSatisfying(why -> assertThat(why.code()).isEqualTo(ErrorCode.NODE_NOT_FOUND));
    cluster.fence(4);
    assertThat(code(Optional.of(firstEpoch), OF_THE_FIRST)).contains(ErrorCode.NODE_NOT_FOUND);
  }

  /** It registered with the second of two directories, lost that, and has the first one again. */
  @Test
  void aNodeOfWhichTheLastDirectoryIsGoneIsNotSaidToBeDecommissioned() {
    cluster.fence(4);

    assertThat(whyNot(Optional.of(firstEpoch), OF_THE_FIRST))
        .hasValueSatisfying(why ->
            assertThat(why.reason())
                .startsWith("Expected one of the data directories " + OF_THE_SECOND)
                .contains("bring one of those back", "naru node format --replace")
                .contains("an id of its own")
                .doesNotContain("decommissioned"));
  }

  @Test
  void whoseIdNobodyHasWasDecommissioned() {
    cluster.fence(4);
    cluster.accept(new DecommissionNode(cluster.draw(), FOUR, 7, OptionalLong.empty(), true));

    assertThat(whyNot(Optional.of(firstEpoch), OF_THE_FIRST))
        .hasValueSatisfying(why -> assertThat(why.reason()).contains("was decommissioned since"));
  }

  @Test
  void theMachineThatHasTheIdNowComesAndGoes() {
    assertThat(whyNot(Optional.of(cluster.epoch(4)), OF_THE_SECOND)).isEmpty();
    assertThat(whyNot(Optional.empty(), OF_THE_SECOND)).isEmpty();
  }

  /** Else it would take the place of the live node in the quorum before it is refused. */
  @Test
  void aReplacementWaitsUntilTheNodeIsFenced() {
    assertThat(code(Optional.empty(), REPLACEMENT)).contains(ErrorCode.NODE_ID_IN_USE);

    cluster.fence(4);

    assertThat(whyNot(Optional.empty(), REPLACEMENT)).isEmpty();
  }

  @Test
  void anImageThatStandsBeforeTheKnownEpochProvesNothing() {
    cluster.fence(4);
    var later = new NodeEpoch(cluster.index() + 1);

    assertThat(whyNot(Optional.of(later), REPLACEMENT)).isEmpty();
  }

  /** Of a release that does not tell its directories. */
  @Test
  void withoutDirectoriesOnlyTheEpochCounts() {
    assertThat(whyNot(Optional.of(firstEpoch), List.of())).isEmpty();
    assertThat(whyNot(Optional.empty(), List.of())).isEmpty();
  }

  private Optional<ErrorCode> code(Optional<NodeEpoch> knownEpoch, List<UUID> directories) {
    return whyNot(knownEpoch, directories).map(Refused::code);
  }

  private Optional<Refused> whyNot(Optional<NodeEpoch> knownEpoch, List<UUID> directories) {
    return QuorumEntry.whyNot(cluster.image(), cluster.index(), FOUR, knownEpoch, directories);
  }

  private NodeEpoch givesItsIdAway() {
    cluster.start(4);
    var epoch = cluster.epoch(4);
    cluster.fence(4);
    cluster.accept(new DecommissionNode(cluster.draw(), FOUR, 7, OptionalLong.empty(), true));
    var first = cluster.registration(4, LastStop.CLEAN);
    cluster.accept(
        new RegisterNode(
            first.clusterId(),
            FOUR,
            cluster.draw(),
            Optional.empty(),
            first.profile(),
            List.of(new DirectoryReport(OF_THE_SECOND.getFirst(), Optional.empty())),
            LastStop.UNCLEAN,
            false));
    cluster.accept(new ReportLogs(FOUR, cluster.epoch(4), List.of(), true));
    cluster.unfence(4);
    return epoch;
  }
}
