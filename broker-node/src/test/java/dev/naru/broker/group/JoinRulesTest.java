package dev.naru.broker.group;

import static dev.naru.broker.group.TestGroup.array;
import static dev.naru.broker.group.TestGroup.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.naru.types.ErrorCode;
import dev.naru.types.TopicId;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JoinRulesTest {

  private final TestGroup group = new TestGroup().topic("a", 4).topic("b", 2);

  @Test
  void makesAGroupOfItsFirstMember() {
    group.accept(group.joining(1, "a"));

    assertThat(group.image().epoch()).isEqualTo(1);
    assertThat(group.epoch(1)).isEqualTo(1);
    assertThat(group.allowed(1)).isEmpty();
    assertThat(group.image().isTargetDue()).isTrue();
    assertThat(group.image().state()).isEqualTo(GroupState.REBALANCING);
  }

  @Test
  void movesNothingWhileMembersCome() {
    group.settledWith(1);

    var accepted = group.accept(group.joining(2, "a"));

    assertThat(accepted.events()).hasSize(3);
    assertThat(group.allowed(1)).containsExactly("a0", "a1", "a2", "a3");
    assertThat(group.image().isTargetDue()).isTrue();
  }

  @Test
  void takesAJoinWhoseAnswerWasLostForTheSameMember() {
    group.accept(group.joining(1, "a"));

    group.accept(group.joining(1, "a"));

    assertThat(group.image().members()).hasSize(1);
    assertThat(group.epoch(1)).isEqualTo(2);
  }

  @Test
  void grantsEverythingAnewToAMemberThatBeginsAnew() {
    group.settledWith(1, 2);
    int before = group.epoch(1);
    int other = group.epoch(2);

    group.accept(group.joining(1, "a"));

    assertThat(group.allowed(1)).containsExactly("a0", "a2");
    assertThat(group.epoch(1)).isGreaterThan(before);
    assertThat(group.hold(1, "a0").grantedEpoch()).isEqualTo(group.epoch(1));
    assertThat(group.epoch(2)).isEqualTo(other);
  }

  @Test
  void freesWhatAMemberWasToGiveBackWhenItBeginsAnew() {
    group.settledWith(1);
    group.accept(group.joining(2, "a"));
    group.retarget();
    assertThat(group.allowed(2)).isEmpty();

    group.accept(group.joining(1, "a"));

    assertThat(group.held(1)).containsExactly("a0", "a1");
    assertThat(group.allowed(2)).containsExactly("a2", "a3");
  }

  @Test
  void movesNothingWhenAMemberResumes() {
    group.settledWith(1, 2);
    var before = group.image();

    var accepted = group.accept(group.joining(1, "a").knowing(group.epoch(1), array("a0", "a2")));

    assertThat(accepted.events()).isEmpty();
    assertThat(group.image()).isEqualTo(before);
  }

  @Test
  void writesNothingForAMemberThatOnlyComesFromElsewhere() {
    group.settledWith(1, 2);
    var back = group.joining(1, "a").knowing(group.epoch(1), array("a0", "a2"));

    assertThat(group.accept(back.host("10.0.0.2")).events()).isEmpty();
    assertThat(group.accept(back.host("10.0.0.2").session(Duration.ofSeconds(30))).events())
        .isNotEmpty();
    assertThat(group.member(1).profile().host()).isEqualTo("10.0.0.2");
  }

  @Test
  void takesWhatAResumingMemberHasForWhatItWouldHaveSaid() {
    group.settledWith(1);
    group.accept(group.joining(2, "a"));
    group.retarget();

    group.accept(group.joining(1, "a").knowing(group.epoch(1), array("a0", "a1", "a2")));

    assertThat(group.held(1)).containsExactly("a0", "a1", "a2");
    assertThat(group.allowed(2)).containsExactly("a3");
  }

  @Test
  void freesNothingForAMemberThatResumesWithoutKnowingOfTheOrder() {
    group.settledWith(1);
    int before = group.epoch(1);
    group.accept(group.joining(2, "a"));
    group.retarget();

    group.accept(group.joining(1, "a").knowing(before));

    assertThat(group.held(1)).containsExactly("a0", "a1", "a2", "a3");
  }

  @Test
  void changesASubscriptionTogetherWithTheStream() {
    group.settledWith(1);

    group.accept(group.joining(1, "b").knowing(group.epoch(1), array("a0", "a1", "a2", "a3")));

    assertThat(group.allowed(1)).containsExactly("b0", "b1");
    assertThat(group.hold(1, "a0").isRevoked()).isTrue();
  }

  @Test
  void refusesMembersThatBelieveWhatIsNot() {
    group.settledWith(1, 2);
    int epoch = group.epoch(1);

    assertThat(group.refusal(group.joining(3, "a").knowing(1))).isEqualTo(ErrorCode.FENCED_MEMBER);
    assertThat(group.refusal(group.joining(1, "a").knowing(epoch + 1)))
        .isEqualTo(ErrorCode.FENCED_MEMBER);
    assertThat(group.refusal(group.joining(1, "a").knowing(epoch, array("a0", "a1"))))
        .isEqualTo(ErrorCode.FENCED_MEMBER);
  }

  @Test
  void refusesAGrantFromBeforeThePresentOne() {
    group.settledWith(1);
    int before = group.epoch(1);
    group.accept(group.joining(1, "a"));

    assertThat(group.refusal(group.joining(1, "a").knowing(before, array("a0"))))
        .isEqualTo(ErrorCode.FENCED_MEMBER);
  }

  @Test
  void refusesToResumeForOneThatHasLeft() {
    group.accept(group.joining(1, "a").instance("i"));
    group.retarget();
    int epoch = group.epoch(1);
    group.accept(group.goAway(1));

    assertThat(group.refusal(group.joining(1, "a").instance("i").knowing(epoch, array("a0"))))
        .isEqualTo(ErrorCode.FENCED_MEMBER);
  }

  @Test
  void refusesAnotherInstanceIdUnderTheSameMemberId() {
    group.accept(group.joining(1, "a").instance("i"));

    assertThat(group.refusal(group.joining(1, "a").instance("j")))
        .isEqualTo(ErrorCode.INVALID_REQUEST);
  }

  @Test
  void refusesTheOtherProtocolWhileThereAreMembers() {
    group.accept(group.joining(1, "a"));

    assertThat(group.refusal(group.joining(2, "a").offering("range")))
        .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
  }

  @Test
  void takesTheOtherProtocolWhenTheGroupIsEmptyAndKeepsItsOffsets() {
    group.settledWith(1);
    group.accept(group.commit(1, group.epoch(1), "a0", 7));
    group.accept(group.leave(1));

    group.accept(group.joining(2, "a").offering("range"));
    group.accept(group.leave(2));
    group.settledWith(3);

    assertThat(group.image().isClassic()).isFalse();
    assertThat(group.allowed(3)).hasSize(4);
    assertThat(group.image().offsets()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"5999, false", "6000, true", "1800000, true", "1800001, false"})
  void refusesSessionsOutOfBounds(long millis, boolean isAllowed) {
    var joining = group.joining(1, "a").session(Duration.ofMillis(millis));

    if (isAllowed) {
      group.accept(joining);
    } else {
      assertThat(group.refusal(joining)).isEqualTo(ErrorCode.INVALID_SESSION_TIMEOUT);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\nb", "a\0"})
  void refusesInstanceIdsThatAreNoNames(String instance) {
    assertThat(group.refusal(group.joining(1, "a").instance(instance)))
        .isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(GroupNames.check(instance)).isPresent();
    assertThat(GroupNames.check("x".repeat(250))).isPresent();
    assertThat(GroupNames.check("\u20ac".repeat(84))).as("252 bytes").isPresent();
    assertThat(GroupNames.check("payments / eu")).isEmpty();
  }

  @Test
  void namesTheAssignorsThereAre() {
    var refused = group.decide(group.joining(1, "a").assignor("best").command(group.topics(), 0));

    assertThat(refused.toString())
        .contains("UNSUPPORTED_ASSIGNOR")
        .contains("[range, sticky, uniform]");
  }

  @Test
  void refusesMoreThanItCanShareOut() {
    group.topic("z", GroupLimits.PARTITIONS_MAX);
    group.accept(group.joining(1, "z"));

    assertThat(group.refusal(group.joining(2, "a"))).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
  }

  /** A partition that somebody adds must not be the end of every member at the next failover. */
  @Test
  void resumesThoughTheTopicsHaveOutgrownTheLimit() {
    group.topic("z", GroupLimits.PARTITIONS_MAX);
    group.accept(group.joining(1, "z"));
    group.topic("z", GroupLimits.PARTITIONS_MAX + 1);

    group.accept(group.joining(1, "z").knowing(group.epoch(1)));
    group.accept(group.joining(1, "z"));
    group.accept(group.joining(2, "z"));

    assertThat(group.refusal(group.joining(3, "a"))).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
  }

  @Test
  void resumesThoughTheNodeLetsNobodyElseHaveSuchASession() {
    group.accept(group.joining(1, "a"));
    var strict =
        new GroupMachine(
            new GroupConfig(Duration.ofSeconds(60), Duration.ofMinutes(30)), GroupRules.PRODUCT);
    var back = group.joining(1, "a").knowing(group.epoch(1)).command(group.topics(), 0);
    var newcomer = group.joining(2, "a").command(group.topics(), 0);

    assertThat(strict.decide(group.image(), back)).isInstanceOf(Decision.Accepted.class);
    assertThat(strict.decide(group.image(), newcomer).toString())
        .contains("INVALID_SESSION_TIMEOUT");
  }

  /**
   * A stream that was given up brings its join, while its member has long come on another one and
   * reads: what it was to give back is still in its hands.
   */
  @Test
  void doesNotBelieveAJoinThatWasOvertaken() {
    var delayed = group.joining(1, "a");
    group.settledWith(1);
    group.accept(group.joining(2, "a"));
    group.retarget();
    var before = group.image();

    assertThat(group.refusal(delayed)).isEqualTo(ErrorCode.FENCED_MEMBER);
    assertThat(group.refusal(delayed.knowing(1))).isEqualTo(ErrorCode.FENCED_MEMBER);
    assertThat(group.image()).isEqualTo(before);
    assertThat(group.held(1)).containsExactly("a0", "a1", "a2", "a3");
  }

  @Test
  void believesEmptyHandsOnceUnderEachNumber() {
    var joining = group.joining(1, "a");
    group.accept(joining);

    assertThat(group.refusal(joining)).isEqualTo(ErrorCode.FENCED_MEMBER);
    group.accept(joining.knowing(group.epoch(1)));
    assertThat(group.refusal(joining.attempt(-1))).isEqualTo(ErrorCode.INVALID_REQUEST);
  }

  @Test
  void refusesWhoBeginsWithSomethingInItsHands() {
    assertThat(group.refusal(group.joining(1, "a").knowing(0, array("a0"))))
        .isEqualTo(ErrorCode.INVALID_REQUEST);
  }

  @Test
  void cutsWhatIsOnlyForPeople() {
    var longName = "x".repeat(248) + "\uD83D\uDE00";
    var profile =
        new MemberProfile(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            longName,
            longName + "y",
            Duration.ofSeconds(45),
            Duration.ofMinutes(5));

    assertThat(profile.clientId()).isEqualTo("x".repeat(248));
    assertThat(profile.host()).hasSize(248);
  }

  /** As after a failover of a large group, whose members all come back at once. */
  @Test
  void takesBackManyMembersOfManyTopicsInNoTime() {
    int count = 300;
    var names = IntStream.range(0, 1_000).mapToObj(i -> "topic-" + i).toArray(String[]::new);
    for (var name : names) {
      group.topic(name, TopicSeen.of(TopicId.of(2, name.hashCode()), 1, 0));
    }
    IntStream.rangeClosed(1, count).forEach(member -> group.accept(group.joining(member, names)));

    assertTimeout(
        Duration.ofSeconds(5),
        () ->
            IntStream.rangeClosed(1, count)
                .forEach(member ->
                    group.accept(group.joining(member, names).knowing(group.epoch(member)))));
  }

  @Test
  void refusesOneMemberTooMany() {
    IntStream.rangeClosed(1, GroupLimits.MEMBERS_MAX)
        .forEach(member -> group.accept(group.joining(member, "a")));

    assertThat(group.refusal(group.joining(GroupLimits.MEMBERS_MAX + 1, "a")))
        .isEqualTo(ErrorCode.LIMIT_EXCEEDED);
  }

  @Test
  void answersTheSameMemberEverywhere() {
    group.accept(group.joining(1, "a").instance("i"));

    assertThat(group.image().instance("i").map(Member::id)).contains(id(1));
    assertThat(group.image().instance("j")).isEmpty();
  }
}
