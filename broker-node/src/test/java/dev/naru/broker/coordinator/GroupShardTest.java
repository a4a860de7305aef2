package dev.naru.broker.coordinator;

import static dev.naru.broker.coordinator.OneShard.partition;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.coordinator.ShardInput.CommitAnswer;
import dev.naru.broker.coordinator.ShardInput.OffsetsAnswer;
import dev.naru.broker.coordinator.ToMember.Accepted;
import dev.naru.broker.coordinator.ToMember.Assignment;
import dev.naru.broker.coordinator.ToMember.Elected;
import dev.naru.broker.coordinator.ToMember.Handed;
import dev.naru.broker.coordinator.ToMember.Heard;
import dev.naru.broker.coordinator.ToMember.Rejoin;
import dev.naru.broker.group.Committed;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

/** A coordinator that leads: what it tells whom, and when. */
class GroupShardTest {

  private static final PartitionId A0 = partition("a", 0);
  private static final PartitionId A1 = partition("a", 1);

  private final OneShard shard = new OneShard().topic("a", 2);

  @Test
  void tellsAMemberThatItIsInOnceThatIsCommitted() {
    var member = shard.member(1).join("a");

    assertThat(member.told()).isEmpty();

    shard.commit();

    assertThat(member.told())
        .satisfiesExactly(
            first -> assertThat(first).isEqualTo(new Accepted(1, Duration.ofSeconds(3))),
            second -> assertThat(((Assignment) second).grants()).isEmpty());
    assertThat(member.heard()).isEqualTo(1);
  }

  @Test
  void makesOneTargetForThoseWhoJoinTogether() {
    var first = shard.member(1).join("a");
    shard.tick(Duration.ofMillis(100));
    var second = shard.member(2).join("a");
    shard.passCommitting(Duration.ofMillis(500));

    assertThat(first.partitions()).hasSize(1);
    assertThat(second.partitions()).hasSize(1);
    assertThat(shard.notices()).containsOnlyOnce("rebalanced joined 2");
  }

  @Test
  void doesNotPutATargetOffForEverWhileMembersComeAllTheTime() {
    var first = shard.member(1).join("a");
    for (int id = 2; id < 15; id++) {
      var _ = shard.member(id).join("a");
      shard.tick(Duration.ofMillis(100));
      shard.commit();
    }

    assertThat(first.partitions()).isNotEmpty();
  }

  @Test
  void movesAPartitionOnceItsHolderHasGivenItBackAndTellsWhereToGoOn() {
    var first = shard.member(1).join("a");
    shard.share();
    first.hold();
    var second = shard.member(2).join("a");
    shard.share();
    var moved = first.partitions().equals(List.of(A0)) ? A1 : A0;

    assertThat(first.partitions()).hasSize(1);
    assertThat(second.partitions()).isEmpty();

    var kept = shard.commitOffset(first, first.assignment().epoch(), moved, 4_711);
    first.hold();
    shard.commit();

    assertThat(kept).containsExactly(new CommitAnswer.Kept(TreePMap.empty()));
    assertThat(second.partitions()).containsExactly(moved);
    assertThat(second.grant(moved).committed().map(Committed::offset)).contains(4_711L);
  }

  @Test
  void whatStaysIsToldToNobody() {
    var first = shard.member(1).join("a");
    shard.share();
    first.hold();
    shard.commit();
    first.forget();

    shard.passCommitting(Duration.ofSeconds(1));
    first.beat();

    assertThat(first.told()).containsExactly(new Heard());
  }

  @Test
  @Tag("S88")
  void answersNothingThatIsNotCommitted() {
    var first = sharing();
    long before = shard.log().end();

    var kept = shard.commitOffset(first, first.assignment().epoch(), A0, 1);
    var read = shard.askOffsets();
    shard.shard().settle();
    shard.commit(before);

    assertThat(kept).isEmpty();
    assertThat(read).isEmpty();

    shard.commit(before + 1);

    assertThat(kept).hasSize(1);
    assertThat(read).isEmpty(); // its barrier is not

    shard.commit(before + 2);

    assertThat(read)
        .first()
        .isInstanceOfSatisfying(
            OffsetsAnswer.Found.class,
            found -> assertThat(requireNonNull(found.offsets().get(A0)).offset()).isEqualTo(1));
  }

  @Test
  void aRefusalWaitsForWhatItRestsOn() {
    var first = sharing();
    first.leave(false);

    var late = shard.commitOffset(first, 1, A0, 1);

    assertThat(late).isEmpty();

    shard.commit();

    assertThat(codeOf(late)).isEqualTo(ErrorCode.FENCED_MEMBER);
  }

  @Test
  void writesOneBarrierForAllWhoReadInATurn() {
    long before = shard.log().end();

    var reads = List.of(shard.askOffsets(), shard.askOffsets(), shard.askOffsets());
    shard.commit();

    assertThat(shard.log().end()).isEqualTo(before + 1);
    assertThat(reads).allSatisfy(read -> assertThat(read).hasSize(1));
    assertThat(shard.written()).isEmpty();
  }

  @Test
  void whatCannotBeWrittenLeavesNoTrace() {
    var first = sharing();
    shard.log().refuse(new Refused(ErrorCode.NOT_ENOUGH_REPLICAS, "one of two"));

    var notKept = shard.commitOffset(first, first.assignment().epoch(), A0, 1);
    var read = shard.askOffsets();
    var second = shard.member(2).join("a");
    shard.commit();

    assertThat(codeOf(notKept)).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    assertThat(second.refused()).contains(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    assertThat(read)
        .first()
        .isInstanceOfSatisfying(
            OffsetsAnswer.Unknown.class,
            unknown ->
                assertThat(unknown.why().code()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE));

    shard.log().takeAgain();

    assertThat(shard.offsets()).isEmpty();
  }

  @Test
  void nobodyWaitsForEver() {
    var first = sharing();

    var kept = shard.commitOffset(first, first.assignment().epoch(), A0, 1);
    shard.pass(ShardLimits.WAIT_MAX.plusMillis(100));

    assertThat(codeOf(kept)).isEqualTo(ErrorCode.REQUEST_TIMEOUT);
  }

  @Test
  void writesNothingMoreWhileNothingIsCommittedForLong() {
    var first = sharing();
    int epoch = first.assignment().epoch();
    var late = shard.commitOffset(first, epoch, A0, 1);
    shard.pass(ShardLimits.WAIT_MAX.plusSeconds(1));
    long end = shard.log().end();

    var notKept = shard.commitOffset(A1, 2);
    var read = shard.askOffsets();
    var second = shard.member(2).join("a");
    shard.pass(Duration.ofSeconds(5));

    assertThat(shard.log().end()).isEqualTo(end);
    assertThat(codeOf(late)).isEqualTo(ErrorCode.REQUEST_TIMEOUT);
    assertThat(second.refused()).contains(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    assertThat(codeOf(notKept)).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    assertThat(read).first().isInstanceOf(OffsetsAnswer.Unknown.class);

    shard.commit();
    var third = shard.member(3).join("a");
    shard.share();

    assertThat(third.partitions()).containsExactly(A0, A1);
    assertThat(requireNonNull(shard.offsets().get(A0)).offset()).isEqualTo(1);
  }

  @Test
  void writesNoMoreThanSoMuchAheadOfWhatIsCommitted() {
    var member = shard.member(1);
    for (int i = 0; i < ShardLimits.BATCHES_MAX; i++) {
      member.join("a");
    }

    assertThat(member.refused()).isEmpty();

    member.join("a");

    assertThat(member.refused()).contains(ErrorCode.COORDINATOR_NOT_AVAILABLE);
  }

  @Test
  void takesOutWhoIsSilentAndGivesAwayWhatItHeld() {
    var silent = sharing();
    var second = shard.member(2).join("a");
    shard.share();
    silent.hold();
    shard.commit();
    for (int i = 0; i < 120; i++) {
      second.beat();
      shard.tick(Duration.ofMillis(100));
      shard.commit();
    }
    second.hold();
    shard.commit();

    assertThat(silent.refused()).contains(ErrorCode.FENCED_MEMBER);
    assertThat(second.partitions()).containsExactly(A0, A1);
    assertThat(shard.notices()).contains("gone session_timeout");
  }

  @Test
  @Tag("S85")
  void takesOutWhoIsSilentWithinASecondOfItsSession() {
    var silent = sharing();

    shard.passCommitting(FakeMember.SESSION.minusMillis(200));
    assertThat(silent.refused()).isEmpty();
    shard.passCommitting(Duration.ofMillis(1_200));

    assertThat(silent.refused()).contains(ErrorCode.FENCED_MEMBER);
  }

  @Test
  void itsOwnPauseIsNobodysSilence() {
    var first = sharing();

    shard.tick(FakeMember.SESSION.plusSeconds(5));
    shard.commit();
    first.beat();
    shard.passCommitting(FakeMember.SESSION.minusSeconds(1));

    assertThat(first.refused()).isEmpty();
  }

  @Test
  void doesNotProlongTheLeaseOfWhoWasTakenOut() {
    var silent = sharing();
    shard.pass(FakeMember.SESSION.plusMillis(200)); // it is taken out, and that is not committed
    silent.forget();

    silent.beat();

    assertThat(silent.told()).isEmpty();

    shard.commit();

    assertThat(silent.refused()).contains(ErrorCode.FENCED_MEMBER);
  }

  @Test
  void takesOutWhoDoesNotGiveBackInTime() {
    var stuck = sharing();
    var second = shard.member(2).join("a");
    shard.share();
    passBeating(FakeMember.REBALANCE, stuck, second);

    assertThat(stuck.refused()).contains(ErrorCode.FENCED_MEMBER);
    assertThat(second.partitions()).isEmpty(); // the other one may not have heard that yet

    passBeating(FakeMember.SESSION, second);

    assertThat(second.partitions()).containsExactly(A0, A1);
    assertThat(shard.notices()).contains("gone revocation_timeout");
  }

  @Test
  void whoIsLateIsNotHeardBeforeItsHandsAreEmpty() {
    var stuck = sharing();
    int epoch = stuck.assignment().epoch();
    var second = shard.member(2).join("a");
    shard.share();
    stuck.breakStream();
    var again = shard.member(1, stuck).join(epoch, List.of(A0, A1), "a");
    shard.commit();
    passBeating(FakeMember.REBALANCE, again, second);

    var full = shard.member(1, again).join(epoch, List.of(A0, A1), "a");
    shard.commit();

    assertThat(full.refused()).contains(ErrorCode.FENCED_MEMBER);
    assertThat(second.partitions()).isEmpty();

    var empty = shard.member(1, full).join("a");
    shard.commit();

    assertThat(empty.refused()).isEmpty();
    assertThat(second.partitions()).hasSize(1);
  }

  @Test
  void aJoinThatWasOvertakenDoesNotEndTheStreamOfTheLaterOne() {
    var first = sharing();
    int epoch = first.assignment().epoch();
    var early = shard.member(1, first);
    var later = shard.member(1, early).skip().join(epoch, first.partitions(), "a");
    shard.commit();

    early.join(epoch, first.partitions(), "a");
    shard.commit();

    assertThat(early.refused()).contains(ErrorCode.FENCED_MEMBER);
    assertThat(later.isOpen()).isTrue();
    assertThat(later.partitions()).isEqualTo(first.partitions());
  }

  @Test
  void aClassicRoundWaitsForTheLeaseOfWhoDoesNotCome() {
    var first = shard.member(1).joinClassic(0, "a");
    shard.passCommitting(ShardLimits.GATHERING.plusMillis(200));
    int generation = first.last(Elected.class).orElseThrow().election().generation();
    first.sync(generation, first);
    shard.commit();
    var second = shard.member(2).joinClassic(0, "a");
    shard.commit();
    passBeating(FakeMember.REBALANCE, first, second);

    assertThat(first.refused()).contains(ErrorCode.FENCED_MEMBER);
    assertThat(second.last(Elected.class)).isEmpty();

    passBeating(FakeMember.SESSION, second);

    assertThat(second.last(Elected.class)).isPresent();
  }

  /** A little more than this. */
  private void passBeating(Duration time, FakeMember... members) {
    for (long left = time.toMillis() + 200; left > 0; left -= 100) {
      for (var member : members) {
        if (member.isOpen()) {
          member.beat();
        }
      }
      shard.tick(Duration.ofMillis(100));
      shard.commit();
    }
  }

  @Test
  void aBrokenStreamIsNoLeave() {
    var first = sharing();
    var held = first.partitions();
    int epoch = first.assignment().epoch();

    first.breakStream();
    shard.passCommitting(Duration.ofSeconds(5));
    var again = shard.member(1).join(epoch, held, "a");
    shard.commit();

    assertThat(again.assignment().epoch()).isEqualTo(epoch);
    assertThat(again.partitions()).isEqualTo(held);
  }

  @Test
  void theEndOfAReplacedStreamDoesNotEndTheNewerOne() {
    var first = sharing();
    int epoch = first.assignment().epoch();
    var newer = shard.member(1).join(epoch, first.partitions(), "a");
    shard.commit();

    assertThat(first.isComplete()).isTrue();

    first.breakStream();
    newer.forget();
    newer.beat();

    assertThat(newer.told()).containsExactly(new Heard());
  }

  @Test
  void whoLeavesHearsItWhenItIsCommitted() {
    var first = sharing();

    first.leave(false);

    assertThat(first.isComplete()).isFalse();

    shard.commit();

    assertThat(first.isComplete()).isTrue();
    assertThat(shard.shard().isAtRest()).isTrue();
  }

  @Test
  void whoLeavesHearsAlsoThatAnotherOneLeadsMeanwhile() {
    var first = sharing();
    first.leave(false);

    shard.shard().resign(new Refused(ErrorCode.NOT_LEADER, "Expected to lead, but do not"));

    assertThat(first.refused()).contains(ErrorCode.NOT_LEADER);
  }

  @Test
  void whoLeavesDoesNotWaitForEver() {
    var first = sharing();
    first.leave(false);

    shard.pass(ShardLimits.WAIT_MAX.plusMillis(100));

    assertThat(first.refused()).contains(ErrorCode.REQUEST_TIMEOUT);
  }

  @Test
  void aPlaceIsKeptForWhoRestartsUnderItsInstanceId() {
    var old = shard.member(1).named("one").join("a");
    shard.share();
    old.hold();

    var early = shard.member(2).named("one").join("a");
    shard.commit();

    assertThat(early.refused()).contains(ErrorCode.INSTANCE_ID_IN_USE);

    old.breakStream();
    var again = shard.member(3).named("one").join("a");
    shard.commit();

    assertThat(again.partitions()).containsExactly(A0, A1);
    var late = shard.commitOffset(old, old.assignment().epoch(), A0, 1);
    shard.commit();
    assertThat(codeOf(late)).isEqualTo(ErrorCode.FENCED_MEMBER);
  }

  @Test
  void thePlaceOfALeaverIsKeptForTheDelay() {
    var delaying = new OneShard(new FakeTenantLog(), Duration.ofSeconds(5)).topic("a", 2);
    delaying.commit();
    var old = delaying.member(1).join("a");
    var other = delaying.member(2).join("a");
    delaying.share();
    var held = old.partitions();
    other.forget();
    old.leave(false);
    delaying.passCommitting(Duration.ofSeconds(1));
    var next = delaying.member(3).join("a");
    delaying.passCommitting(Duration.ofSeconds(1));

    assertThat(next.partitions()).isEqualTo(held);
    assertThat(other.told()).isEmpty();

    next.leave(false);
    other.beat();
    delaying.passCommitting(Duration.ofSeconds(6));

    assertThat(other.partitions()).containsExactly(A0, A1);
  }

  @Test
  void sharesAnewWhenATopicGetsPartitions() {
    var first = sharing();

    shard.topic("a", 3);
    shard.share();

    assertThat(first.partitions()).containsExactly(A0, A1, partition("a", 2));
    assertThat(first.grant(partition("a", 2)).isFromStart()).isTrue();
    assertThat(first.grant(A0).isFromStart()).isFalse();
    assertThat(shard.notices()).contains("rebalanced topics_changed 1");
  }

  @Test
  void noCommitKeepsAGroupFromSeeingThatATopicHasGrown() {
    var first = sharing();
    int epoch = first.assignment().epoch();

    shard.topic("a", 3);
    for (int i = 0; i < 20; i++) {
      var _ = shard.commitOffset(first, epoch, A0, i);
      shard.tick(Duration.ofMillis(100));
      var _ = shard.commitOffset(first, epoch, A0, i);
      shard.commit();
    }

    assertThat(first.partitions()).containsExactly(A0, A1, partition("a", 2));
  }

  @Test
  void looksAtTheTopicsOnceMoreWhenNothingCouldBeWritten() {
    var first = sharing();
    shard.log().refuse(new Refused(ErrorCode.NOT_ENOUGH_REPLICAS, "one of two"));
    shard.topic("a", 3);
    shard.passCommitting(Duration.ofSeconds(2));

    assertThat(first.partitions()).containsExactly(A0, A1);

    shard.log().takeAgain();
    shard.share();

    assertThat(first.partitions()).containsExactly(A0, A1, partition("a", 2));
  }

  @Test
  void topicsThatChangeAllTheTimeKeepNobodyInWhoIsSilent() {
    var others =
        IntStream.range(0, 1_000)
            .mapToObj(i -> shard.member(100 + i).in("other-" + i).join("a"))
            .toList();
    var _ = sharing();

    for (int i = 0; i < 104; i++) {
      if (i % 20 == 0) {
        others.forEach(FakeMember::beat);
      }
      shard.topic("z", i + 1);
      shard.tick(Duration.ofMillis(100));
      shard.commit();
    }

    assertThat(shard.notices()).contains("gone session_timeout");
  }

  @Test
  void looksTopicsUpOnceHoweverManyMembersComeBack() {
    for (int id = 1; id <= 50; id++) {
      var _ = shard.member(id).join("a");
    }
    shard.share();
    int before = shard.looks();

    for (int id = 1; id <= 50; id++) {
      var _ = shard.member(id).join(1, List.of(), "a");
      shard.tick(Duration.ofMillis(100));
      shard.commit();
    }

    assertThat(shard.looks()).isEqualTo(before);
  }

  @Test
  void computesLargeTargetsBesideTheLoop() {
    shard.topic("a", 2_000);
    var first = shard.member(1).join("a");
    shard.passCommitting(Duration.ofMillis(500));

    assertThat(first.partitions()).isEmpty();
    assertThat(shard.work).hasSize(1);

    shard.doWork();
    shard.commit();

    assertThat(first.partitions()).hasSize(2_000);
  }

  @Test
  void computesOnceMoreWhenTheInterestHasChangedMeanwhile() {
    shard.topic("a", 2_000);
    var first = shard.member(1).join("a");
    shard.passCommitting(Duration.ofMillis(500));
    var second = shard.member(2).join("a");

    shard.work.remove().run();

    assertThat(shard.work).hasSize(1);

    shard.doWork();
    shard.commit();

    assertThat(first.partitions()).hasSize(1_000);
    assertThat(second.partitions()).hasSize(1_000);
  }

  @Test
  void waitsWithAnAssignmentUntilItKnowsTheNames() {
    var first = sharing();
    int epoch = first.assignment().epoch();
    shard.topic("b", 1);
    var forgetful = new OneShard(logOf(shard));
    forgetful.topic("c", 1);
    forgetful.doWork();
    forgetful.commit();

    var again = forgetful.member(1).join(epoch, first.partitions(), "a");
    forgetful.commit();

    assertThat(again.last(Accepted.class)).isPresent();
    assertThat(again.last(Assignment.class)).isEmpty();

    forgetful.topic("a", 2);
    forgetful.tick(Duration.ofMillis(100));
    forgetful.commit();

    assertThat(again.partitions()).containsExactly(A0, A1);
  }

  private static FakeTenantLog logOf(OneShard before) {
    return new FakeTenantLog(before.log().batches());
  }

  @Test
  void bringsAClassicGroupThroughItsRounds() {
    var first = shard.member(1).joinClassic(0, "a");
    var second = shard.member(2).joinClassic(0, "a");
    shard.passCommitting(Duration.ofSeconds(4));

    int generation = first.last(Elected.class).orElseThrow().election().generation();
    assertThat(second.last(Elected.class)).isEmpty();

    second.sync(generation);
    first.sync(generation, first, second);
    shard.commit();

    assertThat(first.last(Handed.class)).isPresent();
    assertThat(second.last(Handed.class).map(Handed::generation)).contains(generation);

    var third = shard.member(3).joinClassic(0, "a");
    shard.commit();

    assertThat(first.last(Rejoin.class)).contains(new Rejoin(generation));
    assertThat(second.last(Rejoin.class)).isPresent();

    first.joinClassic(generation, "a");
    second.joinClassic(generation, "a");
    shard.commit();

    assertThat(first.last(Elected.class).orElseThrow().election().candidates()).hasSize(3);
    assertThat(third.refused()).isEmpty();
    assertThat(first.isComplete()).isFalse();
  }

  @Test
  void aLeaderOfARoundThatSaysNothingIsTakenOut() {
    var first = shard.member(1).joinClassic(0, "a");
    var second = shard.member(2).joinClassic(0, "a");
    shard.passCommitting(Duration.ofSeconds(4));
    for (int i = 0; i <= 602; i++) {
      first.beat();
      second.beat();
      shard.tick(Duration.ofMillis(100));
      shard.commit();
    }

    assertThat(first.refused()).contains(ErrorCode.FENCED_MEMBER);
    assertThat(second.last(Rejoin.class)).isPresent();
  }

  @Test
  void whoIsNoMemberMayCommitWhileThereAreNone() {
    var kept = shard.commitOffset(A0, 7);
    shard.commit();

    assertThat(kept.getFirst()).isInstanceOf(CommitAnswer.Kept.class);

    sharing();
    var late = shard.commitOffset(A0, 8);
    shard.commit();

    assertThat(codeOf(late)).isEqualTo(ErrorCode.GROUP_NOT_EMPTY);
    assertThat(requireNonNull(shard.offsets().get(A0)).offset()).isEqualTo(7);
  }

  @Test
  void anOffsetOfADeletedTopicIsNotKept() {
    shard.delete("a");

    var answers = shard.commitOffset(A0, 7);
    shard.commit();

    assertThat(answers)
        .first()
        .isInstanceOfSatisfying(
            CommitAnswer.Kept.class,
            kept ->
                assertThat(requireNonNull(kept.refused().get(A0)).code())
                    .isEqualTo(ErrorCode.TOPIC_NOT_FOUND));
  }

  private FakeMember sharing() {
    var first = shard.member(1).join("a");
    shard.share();
    first.hold();
    shard.commit();
    return first;
  }

  private static ErrorCode codeOf(List<CommitAnswer> answers) {
    return Optional.of(answers.getFirst())
        .filter(CommitAnswer.NotKept.class::isInstance)
        .map(CommitAnswer.NotKept.class::cast)
        .orElseThrow()
        .why()
        .code();
  }
}
