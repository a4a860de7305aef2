package dev.naru.broker.group;

import static dev.naru.broker.group.TestGroup.array;
import static dev.naru.broker.group.TestGroup.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.group.Election.Candidate;
import dev.naru.broker.group.GroupCommand.Retarget;
import dev.naru.broker.group.GroupCommand.Sync;
import dev.naru.types.ErrorCode;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

class ClassicRulesTest {

  private final TestGroup group = new TestGroup().topic("a", 4).topic("b", 4);

  @Test
  void gathersWhoComesSoonAfterTheFirst() {
    group.accept(classic(1));
    group.accept(classic(2));
    assertThat(phase()).isEqualTo(ClassicPhase.GATHERING);

    close();

    assertThat(phase()).isEqualTo(ClassicPhase.COMPLETING);
    var election = Election.of(group.image()).orElseThrow();
    assertThat(election.leader()).isEqualTo(id(1));
    assertThat(election.generation()).isEqualTo(1);
    assertThat(election.protocol()).isEqualTo("range");
    assertThat(election.candidates()).extracting(Candidate::member).containsExactly(id(1), id(2));
  }

  @Test
  void handsOutWhatTheLeaderSays() {
    completing(1, 2);

    group.accept(sync(1, 1, 1, 2));

    assertThat(phase()).isEqualTo(ClassicPhase.STABLE);
    assertThat(assignment(1)).contains(Opaque.of((byte) 1));
    assertThat(assignment(2)).contains(Opaque.of((byte) 2));
    assertThat(group.image().state()).isEqualTo(GroupState.STABLE);
    assertThat(Election.of(group.image())).isEmpty();
  }

  @Test
  void givesNothingToWhomTheLeaderForgot() {
    completing(1, 2);

    group.accept(sync(1, 1, 1));

    assertThat(assignment(2)).contains(Opaque.EMPTY);
  }

  @Test
  void letsOthersWaitWhoAskBeforeTheLeader() {
    completing(1, 2);

    assertThat(group.accept(sync(2, 1, 1, 2)).events()).isEmpty();
    assertThat(phase()).isEqualTo(ClassicPhase.COMPLETING);
  }

  @Test
  void asksAllToComeAgainWhenOneComes() {
    stable(1, 2);

    group.accept(classic(3));

    assertThat(phase()).isEqualTo(ClassicPhase.PREPARING);
    assertThat(group.image().epoch()).isEqualTo(2);
    assertThat(group.image().isAwaited(group.member(1))).isTrue();
    assertThat(group.image().isAwaited(group.member(3))).isFalse();
  }

  @Test
  void goesOnWhenAllHaveCome() {
    stable(1, 2);
    group.accept(classic(3));

    group.accept(again(1));
    assertThat(phase()).isEqualTo(ClassicPhase.PREPARING);
    group.accept(again(2));

    assertThat(phase()).isEqualTo(ClassicPhase.COMPLETING);
    assertThat(Election.of(group.image()).orElseThrow().candidates()).hasSize(3);
  }

  @Test
  void goesOnWithoutWhoNeverComes() {
    stable(1, 2);
    group.accept(classic(3));
    group.accept(again(1));

    close();

    assertThat(phase()).isEqualTo(ClassicPhase.COMPLETING);
    assertThat(group.image().members()).containsOnlyKeys(id(1), id(3));
    assertThat(phase()).isEqualTo(ClassicPhase.COMPLETING);
  }

  @Test
  void beginsAnewWhenTheLeaderDiesBeforeItHasDecided() {
    completing(1, 2);

    group.accept(group.expire(1));

    assertThat(phase()).isEqualTo(ClassicPhase.PREPARING);
    assertThat(group.image().epoch()).isEqualTo(2);

    group.accept(again(2));

    assertThat(Election.of(group.image()).map(Election::leader)).contains(id(2));
  }

  @Test
  void beginsAnewWhenALeaderThatMayComeBackGoesBeforeItHasDecided() {
    group.accept(classic(1).instance("i"));
    group.accept(classic(2));
    close();

    group.accept(group.goAway(1));
    assertThat(phase()).isEqualTo(ClassicPhase.PREPARING);
    group.accept(again(2));

    assertThat(Election.of(group.image()).map(Election::leader)).contains(id(2));
    assertThat(Election.of(group.image()).orElseThrow().candidates()).hasSize(2);
  }

  @Test
  void refusesWhatIsSaidForAnotherGeneration() {
    completing(1, 2);

    assertThat(group.refusal(sync(1, 2, 1, 2))).isEqualTo(ErrorCode.STALE_GROUP_EPOCH);
    assertThat(group.refusal(sync(3, 1))).isEqualTo(ErrorCode.FENCED_MEMBER);

    group.accept(classic(3));

    assertThat(group.refusal(sync(1, 1, 1, 2))).isEqualTo(ErrorCode.STALE_GROUP_EPOCH);
  }

  @Test
  void takesCommitsUntilAMemberComesAgain() {
    stable(1, 2);
    assertThat(group.accept(group.commit(1, 1, "a0", 1)).refused()).isEmpty();

    group.accept(classic(3));
    assertThat(group.accept(group.commit(1, 1, "a0", 2)).refused()).isEmpty();

    group.accept(again(1));
    assertThat(group.refusal(group.commit(1, 1, "a0", 3))).isEqualTo(ErrorCode.STALE_GROUP_EPOCH);
    assertThat(group.refusal(group.commit(1, 2, "a0", 3))).isEqualTo(ErrorCode.STALE_GROUP_EPOCH);
    assertThat(group.refusal(group.commit(4, 1, "a0", 3))).isEqualTo(ErrorCode.FENCED_MEMBER);
  }

  @Test
  void goesOnWhereAStreamBroke() {
    stable(1, 2);

    group.accept(again(1));
    assertThat(assignment(1)).contains(Opaque.of((byte) 1));
    assertThat(group.accept(classic(1).knowing(1, array("a0"))).events()).isEmpty();
    assertThat(phase()).isEqualTo(ClassicPhase.STABLE);
  }

  /** It has not given back what it reads, so what it reads is nobody else's. */
  @Test
  void doesNotTakeAMemberThatStillReadsForOneThatHasCome() {
    stable(1, 2);
    group.accept(classic(3));
    group.accept(again(1));

    group.accept(classic(2).knowing(1, array("a0")));

    assertThat(phase()).isEqualTo(ClassicPhase.PREPARING);
    assertThat(group.image().isAwaited(group.member(2))).isTrue();
  }

  @Test
  void fencesWhoReadsWhatItCannotRead() {
    stable(1, 2);
    group.accept(classic(3));
    group.accept(again(1));

    assertThat(group.refusal(classic(1).knowing(1, array("a0"))))
        .isEqualTo(ErrorCode.FENCED_MEMBER);
    assertThat(group.refusal(classic(2).knowing(9))).isEqualTo(ErrorCode.FENCED_MEMBER);
    assertThat(group.refusal(classic(4).knowing(1))).isEqualTo(ErrorCode.FENCED_MEMBER);
  }

  @Test
  void givesAnInstanceItsAssignmentBackWithoutARound() {
    group.accept(classic(1).instance("i"));
    group.accept(classic(2));
    close();
    group.accept(sync(1, 1, 1, 2));
    group.accept(group.goAway(1));
    assertThat(phase()).isEqualTo(ClassicPhase.STABLE);

    group.accept(classic(3).instance("i"));

    assertThat(phase()).isEqualTo(ClassicPhase.STABLE);
    assertThat(assignment(3)).contains(Opaque.of((byte) 1));
    assertThat(group.image().header().orElseThrow().round().leader()).contains(id(3));
    assertThat(group.refusal(group.commit(1, 1, "a0", 1))).isEqualTo(ErrorCode.FENCED_MEMBER);
    assertThat(group.accept(group.commit(3, 1, "a0", 1)).refused()).isEmpty();
  }

  @Test
  void takesARoundForAnInstanceThatComesBackAsAnother() {
    group.accept(classic(1).instance("i"));
    close();
    group.accept(sync(1, 1, 1));

    group.accept(Joining.of(id(2), "b").instance("i").offering("range"));

    assertThat(phase()).isEqualTo(ClassicPhase.COMPLETING);
    assertThat(group.image().epoch()).isEqualTo(2);
    assertThat(group.image().members()).containsOnlyKeys(id(2));
  }

  @Test
  void keepsThePlaceOfOneThatIsAwayThroughARound() {
    group.accept(classic(1));
    group.accept(classic(2).instance("i"));
    close();
    group.accept(sync(1, 1, 1, 2));
    group.accept(group.goAway(2));

    group.accept(classic(3));
    group.accept(again(1));

    assertThat(phase()).isEqualTo(ClassicPhase.COMPLETING);
    assertThat(Election.of(group.image()).orElseThrow().candidates()).hasSize(3);
  }

  @Test
  void waitsForOneWhoCouldLead() {
    group.accept(classic(1).instance("i"));
    group.accept(group.goAway(1));
    close();
    assertThat(Election.of(group.image())).isEmpty();

    group.accept(classic(2).instance("i"));

    assertThat(Election.of(group.image()).map(Election::leader)).contains(id(2));
  }

  @Test
  void asksAllToComeAgainWhenTopicsChangeOrOneWantsOthers() {
    stable(1, 2);

    group.topic("a", 5);
    group.retarget();
    assertThat(phase()).isEqualTo(ClassicPhase.PREPARING);
    assertThat(group.image().epoch()).isEqualTo(2);

    group.accept(group.subscribe(1, "b"));
    assertThat(group.image().epoch()).isEqualTo(2);
  }

  /** So a new coordinator may ask of every group whether its topics are as they were. */
  @Test
  void staysStableWhenTopicsAreAsTheRoundSawThem() {
    stable(1, 2);
    group.topic("b", 9); // which nobody here reads

    assertThat(group.retarget().events()).isEmpty();
    assertThat(phase()).isEqualTo(ClassicPhase.STABLE);
  }

  @Test
  void noticesWhatChangedWhileNobodyCoordinated() {
    stable(1, 2);
    var image = group.image();
    group.topic("a", 5);

    assertThat(group.retarget().events()).isNotEmpty();
    assertThat(image.epoch()).isEqualTo(1);
    assertThat(group.image().epoch()).isEqualTo(2);
  }

  @Test
  void believesNoTopicsThatAreOlderThanThoseOfTheRound() {
    stable(1, 2);
    var old = new TopicsSeen(0, group.topics().topics().minus("a"));

    assertThat(group.refusal(new Retarget(Cause.LOADED, old, Optional.empty())))
        .isEqualTo(ErrorCode.COORDINATOR_LOADING);
    assertThat(phase()).isEqualTo(ClassicPhase.STABLE);
  }

  /** The leader looks at topics itself, and may have seen what this node has not. */
  @Test
  void takesAnotherRoundForALeaderThatSubscribesAgain() {
    stable(1, 2);

    group.accept(group.subscribe(1, "a"));

    assertThat(phase()).isEqualTo(ClassicPhase.PREPARING);
  }

  /** A timer of a round that is over must not take out those who read what it gave them. */
  @Test
  void doesNotCloseALaterRound() {
    stable(1, 2);
    group.accept(classic(3));
    var late = group.closeRound();
    group.accept(again(1));
    group.accept(again(2));
    assertThat(group.accept(late).events()).isEmpty();
    assertThat(phase()).isEqualTo(ClassicPhase.COMPLETING);

    group.accept(sync(1, 2, 1, 2, 3));
    group.accept(classic(4));

    assertThat(group.accept(late).events()).isEmpty();
    assertThat(group.image().members()).hasSize(4);
  }

  @Test
  void takesOutALeaderThatDoesNotDecide() {
    completing(1, 2);

    group.accept(group.closeRound());

    assertThat(phase()).isEqualTo(ClassicPhase.PREPARING);
    assertThat(group.image().members()).containsOnlyKeys(id(2));
    group.accept(again(2));
    assertThat(Election.of(group.image()).map(Election::leader)).contains(id(2));
  }

  /** Sticky members say what they have: after each round, and after a restart, something else. */
  @Test
  void movesNothingForOtherMetadata() {
    group.accept(Joining.of(id(1), "a").offering(1, "sticky").instance("i"));
    group.accept(Joining.of(id(2), "a").offering(1, "sticky"));
    close();
    group.accept(sync(1, 1, 1, 2));

    group.accept(Joining.of(id(2), "a").offering(7, "sticky").knowing(1, array("a0")));
    assertThat(phase()).isEqualTo(ClassicPhase.STABLE);
    group.accept(Joining.of(id(2), "a").offering(8, "sticky"));
    assertThat(phase()).isEqualTo(ClassicPhase.STABLE);
    group.accept(Joining.of(id(3), "a").offering(9, "sticky").instance("i"));
    assertThat(phase()).isEqualTo(ClassicPhase.STABLE);

    assertThat(assignment(3)).contains(Opaque.of((byte) 1));
    assertThat(group.member(3).classic().orElseThrow().metadataFor("sticky"))
        .contains(Opaque.of((byte) 9));
  }

  /**
   * A stream that was given up brings an answer to a round that is over, while its member reads
   * what it was given since.
   */
  @Test
  void doesNotBelieveEmptyHandsOfLongAgo() {
    stable(1, 2);
    var delayed = again(1).attempt(2);
    group.accept(again(1).attempt(7));
    group.accept(classic(3));

    assertThat(group.refusal(delayed)).isEqualTo(ErrorCode.FENCED_MEMBER);
    assertThat(group.image().isAwaited(group.member(1))).isTrue();
  }

  @Test
  void refusesMoreOffersThanItCanKeep() {
    var names =
        IntStream.rangeClosed(0, GroupLimits.OFFERS_MAX)
            .mapToObj(Integer::toString)
            .toArray(String[]::new);

    assertThat(group.refusal(Joining.of(id(1), "a").offering(names)))
        .isEqualTo(ErrorCode.LIMIT_EXCEEDED);
    assertThat(group.refusal(Joining.of(id(1), "a").offering("")))
        .isEqualTo(ErrorCode.INVALID_REQUEST);
  }

  @Test
  void choosesWhatMostLikeOfWhatAllKnow() {
    group.accept(Joining.of(id(1), "a").offering("x", "range", "sticky"));
    group.accept(Joining.of(id(2), "a").offering("sticky", "range"));
    group.accept(Joining.of(id(3), "a").offering("sticky", "range"));

    close();

    assertThat(Election.of(group.image()).orElseThrow().protocol()).isEqualTo("sticky");
  }

  @Test
  void refusesWhoKnowsNothingThatAllOthersKnow() {
    group.accept(Joining.of(id(1), "a").offering("range"));

    assertThat(group.refusal(Joining.of(id(2), "a").offering("sticky")))
        .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    assertThat(group.refusal(group.joining(2, "a")))
        .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    assertThat(group.refusal(Joining.of(id(2), "a").offering()))
        .isEqualTo(ErrorCode.INVALID_REQUEST);
  }

  @Test
  void beginsWithAFirstRoundAgainWhenItWasEmpty() {
    stable(1);
    group.accept(group.leave(1));
    assertThat(group.image().state()).isEqualTo(GroupState.EMPTY);

    group.accept(classic(2));

    assertThat(phase()).isEqualTo(ClassicPhase.GATHERING);
    assertThat(group.image().epoch()).isEqualTo(2);
  }

  /** The leader says this of each of these members: its own number. */
  static Sync sync(int leader, int generation, int... members) {
    var assignments = TreePMap.<MemberId, Opaque>empty();
    for (int member : members) {
      assignments = assignments.plus(id(member), Opaque.of((byte) member));
    }
    return new Sync(id(leader), generation, assignments);
  }

  private static Joining classic(int member) {
    return Joining.of(id(member), "a").offering("range");
  }

  /** With empty hands, as it is told to. */
  private Joining again(int member) {
    return classic(member).knowing(group.epoch(member));
  }

  private void completing(int... members) {
    IntStream.of(members).forEach(member -> group.accept(classic(member)));
    close();
  }

  private void stable(int... members) {
    completing(members);
    group.accept(sync(members[0], 1, members));
  }

  private void close() {
    group.accept(group.closeRound());
  }

  private ClassicPhase phase() {
    return group.image().header().orElseThrow().round().phase();
  }

  private Optional<Opaque> assignment(int member) {
    return group.member(member).classic().flatMap(ClassicMember::assignment);
  }
}
