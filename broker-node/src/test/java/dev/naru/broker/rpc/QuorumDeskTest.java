package dev.naru.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.broker.replica.LedCluster;
import dev.naru.metadata.log.QuorumMember;
import dev.naru.metadata.log.QuorumView;
import dev.naru.metadata.log.VoterChange;
import dev.naru.proto.admin.v1.ChangeVotersRequest;
import dev.naru.proto.admin.v1.Quorum;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.Refused;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is answered to whoever has changed the voters is how they are then. */
class QuorumDeskTest {

  private static final ChangeVotersRequest REPLACES =
      ChangeVotersRequest.newBuilder().addPromote(4).addDemote(2).build();

  /** What this node knows, and after how many looks it hears of the change. */
  private List<Integer> voters = List.of(1, 2, 3);

  private Optional<Refused> refused = Optional.empty();
  private int looksUntilKnown;
  private int pauses;

  private final QuorumDesk desk =
      new QuorumDesk(
          this::known, () -> new TreeMap<>(Map.of("1", 50L, "4", 20L)), this::change, this::pause);

  @Test
  void theAnswerShowsTheNewVotersAlsoWhereTheyAreHeardOfLater() {
    looksUntilKnown = 5;

    assertThat(votersIn(desk.change(REPLACES))).containsExactly(1, 3, 4);
    assertThat(pauses).isEqualTo(5);
  }

  /** In between both are voters. */
  @Test
  void whoHearsOfNothingShowsWhatItKnowsAfterALimit() {
    voters = List.of(1, 2, 3, 4);
    looksUntilKnown = Integer.MAX_VALUE;

    assertThat(votersIn(desk.change(REPLACES))).containsExactly(1, 2, 3, 4);
    assertThat(pauses).isEqualTo(QuorumDesk.LOOKS_MAX);
  }

  @Test
  void showsHowFarEachIsOfWhichItHasHeard() {
    assertThat(desk.describe().getMembersList())
        .filteredOn(member -> member.hasLag())
        .extracting(member -> member.getNode() + " at " + member.getCommittedIndex())
        .containsExactly("1 at 50", "4 at 20");
    assertThat(desk.describe().getMembersList())
        .filteredOn(member -> member.getNode() == 4)
        .singleElement()
        .satisfies(member -> assertThat(member.getLag()).isEqualTo(30));
  }

  @Test
  void nobodyWaitsForWhatIsOnlyTriedOrRefused() {
    looksUntilKnown = Integer.MAX_VALUE;

    desk.change(REPLACES.toBuilder().setValidateOnly(true).build());
    refused = Optional.of(new Refused(ErrorCode.INELIGIBLE_REPLICA, "Expected node 4 to serve"));

    assertThatThrownBy(() -> desk.change(REPLACES)).isInstanceOf(StatusRuntimeException.class);
    assertThat(pauses).isZero();
  }

  private CompletableFuture<Optional<Refused>> change(VoterChange change, Duration limit) {
    return CompletableFuture.completedFuture(refused);
  }

  private void pause() {
    pauses++;
    if (pauses == looksUntilKnown) {
      voters = List.of(1, 3, 4);
    }
  }

  private ClusterSnapshot known() {
    var others = IntStream.rangeClosed(1, 4).boxed().filter(id -> !voters.contains(id)).toList();
    var quorum =
        new QuorumView(
            QuorumView.Role.VOTER, 1, Optional.empty(), members(voters), members(others), 50);
    return new ClusterSnapshot(LedCluster.of(2, 1, 2), 10, quorum, 0);
  }

  private static List<QuorumMember> members(List<Integer> nodes) {
    return nodes.stream()
        .map(node -> QuorumMember.of(Integer.toString(node), new HostPort("localhost", 9093)))
        .toList();
  }

  private static List<Integer> votersIn(Quorum answer) {
    return answer.getMembersList().stream()
        .filter(member -> member.getVoter())
        .map(member -> member.getNode())
        .toList();
  }
}
