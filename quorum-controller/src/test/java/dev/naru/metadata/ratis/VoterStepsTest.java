package dev.naru.metadata.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.log.VoterChange;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePSet;

/** One voter is to become three, and after the first step something stops it. */
class VoterStepsTest {

  private static final VoterChange TO_THREE =
      new VoterChange(TreePSet.from(nodes(2, 3)), TreePSet.empty(), false);
  private static final Refused SILENT =
      new Refused(ErrorCode.INELIGIBLE_REPLICA, "Expected node 3 to be heard, but it is silent");

  @Test
  void goesOnFromTwoVotersAlthoughNobodyWaitsAnyMore() {
    assertThat(steps(1, 2).areHalfway()).isTrue();
    assertThat(steps(1).areHalfway()).as("not begun").isFalse();
    assertThat(steps(1, 2, 3).areHalfway()).as("on its way to five").isFalse();
    assertThat(new VoterSteps(nodes(1, 2), nodes(1, 2)).areHalfway()).as("not its own").isFalse();
  }

  @Test
  void saysWhatIsSoByNowAndWhatIsMissing() {
    var told = steps(1, 2).told(TO_THREE, SILENT);

    assertThat(told.code()).isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
    assertThat(told.reason())
        .startsWith("Expected [3] to vote, too")
        .contains("the voters are [1, 2] now, and neither may fail", SILENT.reason());
  }

  @Test
  void theCodeSaysThatItMayBeTriedAgain() {
    var lost = new Refused(ErrorCode.INVALID_REQUEST, "Expected a majority to be alive");

    assertThat(steps(1, 2).told(TO_THREE, lost).code()).isEqualTo(ErrorCode.REQUEST_TIMEOUT);
  }

  @Test
  void whatHasChangedNothingIsToldAsItIs() {
    assertThat(steps(1).told(TO_THREE, SILENT)).isEqualTo(SILENT);
    assertThat(steps(1, 2, 3).told(TO_THREE, SILENT)).isEqualTo(SILENT);
  }

  /** Such as when its server has closed: that nobody votes is not so, and nothing is told of it. */
  @Test
  void whoVotesNowMayBeUnknown() {
    assertThat(steps().areHalfway()).isFalse();
    assertThat(steps().told(TO_THREE, SILENT)).isEqualTo(SILENT);
  }

  private static VoterSteps steps(int... now) {
    return new VoterSteps(nodes(1), nodes(now));
  }

  private static List<NodeId> nodes(int... ids) {
    return IntStream.of(ids).mapToObj(NodeId::new).toList();
  }
}
