package dev.naru.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.admin.QuorumDescription;
import dev.naru.client.admin.QuorumDescription.Member;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Nobody is told to empty the directory of a node that may be a sound listener by now. */
class QuorumNotesTest {

  private static final QuorumDescription OLD = voters(1, 2, 3);
  private static final QuorumDescription NEW = voters(1, 3, 4);

  @Test
  void whoVotesNoMoreIsToBeFormattedAnew() {
    assertThat(new QuorumNotes(OLD, NEW, List.of(4), List.of(2)).lines(false))
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("done"),
            line ->
                assertThat(line).startsWith("node 2 only listens").contains("format --replace"));
  }

  /** Else the table beneath would seem to say that it is not done. */
  @Test
  void thatTheAskedNodeDoesNotKnowItYetIsSaid() {
    var both = voters(1, 2, 3, 4);

    for (var old : List.of(OLD, both)) {
      assertThat(new QuorumNotes(OLD, old, List.of(4), List.of(2)).lines(false).getFirst())
          .startsWith("done; but ")
          .contains("naru cluster quorum");
    }
  }

  /** The call before may have made the change, and not have been answered. */
  @Test
  void ofWhoVotedNoMoreBeforeItIsSaidWhatMayStillBeToDo() {
    assertThat(new QuorumNotes(NEW, NEW, List.of(4), List.of(2)).lines(false))
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("it was so already: nothing has changed"),
            line ->
                assertThat(line)
                    .startsWith("if node 2 has not been formatted since it was demoted")
                    .contains("format --replace"));
    assertThat(new QuorumNotes(NEW, NEW, List.of(), List.of(2)).lines(true))
        .containsExactly("it was so already: nothing has changed");
  }

  @Test
  void onlyWhoVotedBeforeIsToBeFormattedInAnyCase() {
    assertThat(new QuorumNotes(NEW, voters(1, 4), List.of(), List.of(2, 3)).lines(false))
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("done"),
            line -> assertThat(line).startsWith("node 3 only listens"),
            line -> assertThat(line).startsWith("if node 2 "));
  }

  @Test
  void aDryRunHasDoneNothing() {
    assertThat(new QuorumNotes(OLD, OLD, List.of(4), List.of(2)).lines(true))
        .containsExactly("it would be done");
  }

  /** Of four nodes, these. */
  private static QuorumDescription voters(Integer... voters) {
    var voting = List.of(voters);
    return new QuorumDescription(
        7,
        OptionalInt.of(1),
        10,
        IntStream.rangeClosed(1, 4).mapToObj(node -> member(node, voting.contains(node))).toList());
  }

  private static Member member(int node, boolean isVoter) {
    return new Member(
        node,
        Integer.toString(node),
        "n%d.example:9412".formatted(node),
        isVoter,
        OptionalLong.empty(),
        OptionalLong.empty(),
        "RUNNING");
  }
}
