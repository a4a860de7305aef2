package dev.naru.client.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.client.TopicPartition;
import dev.naru.client.core.MemberEffect.Close;
import dev.naru.client.core.MemberEffect.Open;
import dev.naru.client.core.MemberEffect.Send;
import dev.naru.client.core.MemberEffect.Tell;
import dev.naru.client.core.MemberEffect.WarnOfOverstay;
import dev.naru.client.core.MemberInput.Accepted;
import dev.naru.client.core.MemberInput.Assigned;
import dev.naru.client.core.MemberInput.Broken;
import dev.naru.client.core.MemberInput.Heard;
import dev.naru.client.core.MemberInput.Holds;
import dev.naru.client.core.MemberInput.Leaving;
import dev.naru.client.core.MemberInput.Opened;
import dev.naru.client.core.MemberInput.Polled;
import dev.naru.client.core.MemberInput.Subscribed;
import dev.naru.client.core.MemberInput.Tick;
import dev.naru.client.core.MemberMessage.Heartbeat;
import dev.naru.client.core.MemberMessage.Holding;
import dev.naru.client.core.MemberMessage.Join;
import dev.naru.client.core.MemberMessage.Leave;
import dev.naru.client.core.MemberMessage.Subscribe;
import dev.naru.client.core.Membership.State;
import dev.naru.testing.Seeds;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The table of a member's states, cell by cell. A second has ten units of time here. */
class MembershipTest {

  private static final List<ErrorCode> CODES = List.of(ErrorCode.values());
  private static final long SESSION = 450;
  private static final long HEARTBEAT = 30;
  private static final long POLL_INTERVAL = 3000;
  private static final long BACK_OFF = 2;
  private static final Refused GONE = new Refused(ErrorCode.NOT_LEADER, "Expected x, but y");
  private static final TopicId TOPIC = TopicId.of(1, 1);

  private long now = 1000;
  private Membership member = member(false);
  private List<MemberEffect> effects = List.of();

  private static Membership member(boolean isStatic) {
    return new Membership(
        new MembershipConfig(
            false,
            isStatic,
            SESSION,
            HEARTBEAT,
            POLL_INTERVAL,
            new RetryPolicy(BACK_OFF, BACK_OFF)),
        Seeds.random(1));
  }

  private void step(MemberInput input) {
    effects = member.step(input, now);
  }

  private void tickAt(long nanos) {
    now = nanos;
    step(new Tick());
  }

  private static PartitionId partition(int number) {
    return new PartitionId(TOPIC, number);
  }

  private static SortedSet<PartitionId> partitions(int... numbers) {
    var set = new TreeSet<PartitionId>();
    for (int number : numbers) {
      set.add(partition(number));
    }
    return set;
  }

  private static SortedMap<PartitionId, Grant> grants(int epoch, int... numbers) {
    var map = new TreeMap<PartitionId, Grant>();
    for (int number : numbers) {
      map.put(
          partition(number),
          new Grant(
              partition(number),
              new TopicPartition("orders", number),
              epoch,
              Optional.empty(),
              false));
    }
    return map;
  }

  private static SortedSet<String> topics(String... names) {
    return new TreeSet<>(List.of(names));
  }

  private static Held held(int incarnation, int epoch, int... numbers) {
    return new Held(incarnation, epoch, partitions(numbers));
  }

  private static Refused refused(ErrorCode code) {
    return new Refused(code, "Expected x, but y");
  }

  /** A member at epoch 7 on stream 1 that was told nothing yet. */
  private void becomeMember() {
    step(new Subscribed(topics("orders")));
    step(new Polled());
    step(new Opened(1));
    step(new Accepted(1, 1, 7, HEARTBEAT));
  }

  /** The same, which was told partitions 0 and 1 at epoch 9 and has taken them. */
  private void becomeReader() {
    becomeMember();
    step(new Assigned(1, 1, 9, grants(9, 0, 1)));
    step(new Holds(held(0, 9, 0, 1)));
    step(new Heard(1, 2));
  }

  private void assertLost(int incarnation) {
    assertThat(effects).contains(new Tell(Told.nothing(incarnation)));
    assertThat(member.leaseEndNanos()).isEmpty();
  }

  @Test
  void joinsWhenItIsSubscribedAndPolls() {
    step(new Polled());
    assertThat(effects).isEmpty();
    step(new Subscribed(topics("orders")));
    assertThat(effects).isEmpty();
    assertThat(member.state()).isEqualTo(State.OUT);
    assertThat(member.dueNanos()).isEmpty();

    step(new Polled());
    assertThat(effects).containsExactly(new Open(1));
    assertThat(member.state()).isEqualTo(State.JOINING);

    step(new Opened(1));
    assertThat(effects).containsExactly(new Send(1, 1, new Join(topics("orders"), held(0, 0), 1)));

    step(new Accepted(1, 1, 7, HEARTBEAT));
    assertThat(effects).isEmpty();
    assertThat(member.state()).isEqualTo(State.IN);
    assertThat(member.leaseEndNanos()).hasValue(now + SESSION);
  }

  @Test
  void countsItsLeaseFromWhenItSentWhatWasHeard() {
    becomeMember();
    long sent = now;
    tickAt(sent + HEARTBEAT);
    assertThat(effects).containsExactly(new Send(1, 2, new Heartbeat()));

    now = sent + HEARTBEAT + 100;
    step(new Heard(1, 2));

    assertThat(member.leaseEndNanos()).hasValue(sent + HEARTBEAT + SESSION);
    step(new Heard(1, 99)); // of what was never sent
    assertThat(member.leaseEndNanos()).hasValue(sent + HEARTBEAT + SESSION);
  }

  @Test
  void hasNoLeaseBeforeItsJoinIsSaidToBeHeard() {
    step(new Subscribed(topics("orders")));
    step(new Polled());
    step(new Opened(1));
    step(new Accepted(1, 0, 7, HEARTBEAT)); // by one that does not know whether it still leads

    assertThat(member.state()).isEqualTo(State.IN);
    assertThat(member.leaseEndNanos()).isEmpty();

    step(new Heard(1, 1));

    assertThat(member.leaseEndNanos()).hasValue(now + SESSION);
  }

  @Test
  void beingAcceptedAgainDoesNotProlongItsLeaseByItself() {
    becomeReader();
    var end = member.leaseEndNanos();
    now += 100;
    step(new Broken(1, GONE));
    tickAt(now + BACK_OFF);
    step(new Opened(2));
    step(new Accepted(2, 0, 9, HEARTBEAT));

    assertThat(member.state()).isEqualTo(State.IN);
    assertThat(member.leaseEndNanos()).isEqualTo(end);
  }

  @Test
  void isHeardByWhateverItSends() {
    becomeMember();
    now += HEARTBEAT - 1;
    step(new Assigned(1, 1, 9, grants(9, 0)));
    step(new Holds(held(0, 9, 0)));
    assertThat(effects).containsExactly(new Send(1, 2, new Holding(held(0, 9, 0))));

    tickAt(now + HEARTBEAT - 1);
    assertThat(effects).isEmpty();
    tickAt(now + 1);
    assertThat(effects).containsExactly(new Send(1, 3, new Heartbeat()));
  }

  @Test
  void beatsAsOftenAsTheCoordinatorWantsIt() {
    step(new Subscribed(topics("orders")));
    step(new Polled());
    step(new Opened(1));
    step(new Accepted(1, 1, 7, 5));

    assertThat(member.dueNanos()).hasValue(now + 5);
    tickAt(now + 5);
    assertThat(effects).containsExactly(new Send(1, 2, new Heartbeat()));
  }

  @Test
  void tellsWhatItIsAssignedOnceAndOnlyIfItIsNewer() {
    becomeMember();

    step(new Assigned(1, 1, 9, grants(9, 0, 1)));
    assertThat(effects)
        .containsExactly(new Tell(new Told(0, 9, grants(9, 0, 1), Optional.empty())));
    assertThat(member.epoch()).isEqualTo(9);
    step(new Assigned(1, 1, 9, grants(9, 0, 1)));
    assertThat(effects).isEmpty();
    step(new Assigned(1, 1, 8, grants(8, 0, 1)));
    assertThat(effects).isEmpty();
    step(new Assigned(1, 1, 10, grants(9, 0)));
    assertThat(effects).containsExactly(new Tell(new Told(0, 10, grants(9, 0), Optional.empty())));
  }

  @Test
  void believesNoAssignmentBeforeItIsAccepted() {
    step(new Subscribed(topics("orders")));
    step(new Polled());
    step(new Opened(1));

    step(new Assigned(1, 1, 9, grants(9, 0)));

    assertThat(effects).isEmpty();
  }

  @Test
  void goesOnReadingWhileItLooksForItsCoordinator() {
    for (var why :
        List.of(
            ErrorCode.NOT_LEADER,
            ErrorCode.COORDINATOR_LOADING,
            ErrorCode.COORDINATOR_NOT_AVAILABLE,
            ErrorCode.REQUEST_TIMEOUT)) {
      member = member(false);
      becomeReader();
      long lease = member.leaseEndNanos().orElseThrow();

      step(new Broken(1, refused(why)));
      assertThat(effects).isEmpty();
      assertThat(member.state()).isEqualTo(State.REJOINING);
      tickAt(now + BACK_OFF);
      assertThat(effects).containsExactly(new Open(2));
      step(new Opened(2));
      assertThat(effects)
          .containsExactly(new Send(2, 1, new Join(topics("orders"), held(0, 9, 0, 1), 2)));
      assertThat(member.leaseEndNanos()).hasValue(lease);

      step(new Accepted(2, 1, 9, HEARTBEAT));
      assertThat(member.state()).isEqualTo(State.IN);
      step(new Assigned(2, 1, 9, grants(9, 0, 1)));
      assertThat(effects).isEmpty(); // it is as it was
    }
  }

  @Test
  void comesBackWithTheEpochOfWhatItHasDoneNotOfWhatItWasTold() {
    becomeReader();
    step(new Assigned(1, 2, 10, grants(9, 0, 1, 2))); // the thread that polls may take 2 now
    step(new Assigned(1, 2, 11, grants(9, 0, 1))); // and 2 is taken back

    step(new Broken(1, GONE));
    tickAt(now + BACK_OFF);
    step(new Opened(2));

    assertThat(effects)
        .containsExactly(new Send(2, 1, new Join(topics("orders"), held(0, 9, 0, 1), 2)));
  }

  @Test
  void comesBackAsAMemberThatHoldsNothingIfItWasToldNothing() {
    becomeMember();

    step(new Broken(1, GONE));
    tickAt(now + BACK_OFF);
    step(new Opened(2));

    assertThat(effects).containsExactly(new Send(2, 1, new Join(topics("orders"), held(0, 7), 2)));
  }

  @Test
  void comesBackWithWhatWasDoneMeanwhile() {
    becomeReader();
    step(new Assigned(1, 2, 10, grants(9, 0)));
    step(new Broken(1, GONE));
    step(new Holds(held(0, 10, 0)));
    assertThat(effects).isEmpty();

    tickAt(now + BACK_OFF);
    step(new Opened(2));
    assertThat(effects)
        .containsExactly(new Send(2, 1, new Join(topics("orders"), held(0, 10, 0), 2)));

    step(new Holds(held(0, 10, 0))); // said once more, behind the join
    assertThat(effects).containsExactly(new Send(2, 2, new Holding(held(0, 10, 0))));
    step(new Holds(held(0, 9, 0, 1))); // old
    assertThat(effects).isEmpty();
  }

  @Test
  void looksElsewhereForACoordinatorThatFallsSilent() {
    becomeReader();
    tickAt(now + HEARTBEAT);
    long sent = now;

    while (now < sent + SESSION / 3 - HEARTBEAT) {
      tickAt(now + HEARTBEAT);
    }
    tickAt(sent + SESSION / 3);

    assertThat(effects).containsExactly(new Close(1));
    assertThat(member.state()).isEqualTo(State.REJOINING);
  }

  @Test
  void looksAgainWhenNothingComesOfItsSearch() {
    step(new Subscribed(topics("orders")));
    step(new Polled());
    assertThat(member.dueNanos()).hasValue(now + SESSION / 3);

    tickAt(now + SESSION / 3);

    assertThat(effects).containsExactly(new Close(1));
    assertThat(member.state()).isEqualTo(State.JOINING);
    tickAt(now + BACK_OFF);
    assertThat(effects).containsExactly(new Open(2));
  }

  @Test
  void outlivesAFaultOfItsCoordinator() {
    becomeReader();

    step(new Broken(1, refused(ErrorCode.INTERNAL)));

    assertThat(effects).isEmpty();
    assertThat(member.state()).isEqualTo(State.REJOINING);
  }

  @Test
  void losesEverythingWhenItsLeaseIsOver() {
    becomeReader();
    long end = member.leaseEndNanos().orElseThrow();
    step(new Broken(1, GONE));
    tickAt(end - 1);
    assertThat(effects).doesNotContain(new Tell(Told.nothing(1)));
    step(new Broken(2, GONE));
    assertThat(member.dueNanos()).hasValue(end);

    tickAt(end);

    assertLost(1);
    assertThat(member.state()).isEqualTo(State.JOINING);
    tickAt(now + BACK_OFF);
    step(new Opened(3));
    assertThat(effects).containsExactly(new Send(3, 1, new Join(topics("orders"), held(1, 0), 2)));
    step(new Accepted(3, 1, 20, HEARTBEAT));
    step(new Assigned(3, 1, 21, grants(21, 0)));
    assertThat(effects).containsExactly(new Tell(new Told(1, 21, grants(21, 0), Optional.empty())));
  }

  @Test
  void losesEverythingOnAConnectedStreamToo() {
    becomeReader();

    tickAt(member.leaseEndNanos().orElseThrow() + 10_000); // a long pause of this process

    assertLost(1);
    assertThat(effects).contains(new Close(1));
  }

  @Test
  void letsNoLateAnswerReviveALeaseThatIsOver() {
    for (var late :
        List.of(
            new Heard(1, 3),
            new Accepted(1, 3, 9, HEARTBEAT),
            new Assigned(1, 3, 12, grants(9, 0, 1, 2)),
            new Holds(held(0, 12, 0, 1, 2)),
            new Polled())) {
      member = member(false);
      now = 1000;
      becomeReader();
      tickAt(now + HEARTBEAT);
      now = member.leaseEndNanos().orElseThrow();

      step(late);

      assertThat(effects).containsExactly(new Tell(Told.nothing(1)), new Close(1));
      assertThat(member.leaseEndNanos()).isEmpty();
    }
  }

  @Test
  void hearsNothingOfWhatItHeldBeforeItLostIt() {
    becomeReader();
    tickAt(member.leaseEndNanos().orElseThrow());
    tickAt(now + BACK_OFF);
    step(new Opened(2));
    step(new Accepted(2, 1, 20, HEARTBEAT));

    step(new Holds(held(0, 25, 0, 1)));

    assertThat(effects).isEmpty();
    step(new Broken(2, GONE));
    tickAt(now + BACK_OFF);
    step(new Opened(3));
    assertThat(effects).containsExactly(new Send(3, 1, new Join(topics("orders"), held(1, 20), 3)));
  }

  @Test
  void losesEverythingAndJoinsAnewWhenItIsFenced() {
    becomeReader();

    step(new Broken(1, refused(ErrorCode.FENCED_MEMBER)));

    assertLost(1);
    assertThat(member.state()).isEqualTo(State.JOINING);
    tickAt(now + BACK_OFF);
    assertThat(effects).containsExactly(new Open(2));
    step(new Opened(2));
    assertThat(effects).containsExactly(new Send(2, 1, new Join(topics("orders"), held(1, 0), 2)));
  }

  @Test
  void losesNothingTwiceWhenItIsFencedWhileItJoins() {
    step(new Subscribed(topics("orders")));
    step(new Polled());
    step(new Opened(1));

    step(new Broken(1, refused(ErrorCode.FENCED_MEMBER)));

    assertThat(effects).isEmpty();
    tickAt(now + BACK_OFF);
    assertThat(effects).containsExactly(new Open(2));
  }

  @Test
  void leavesWhenTheApplicationDoesNotPollInTime() {
    becomeReader();
    long polled = now;
    for (int sequence = 3; now < polled + POLL_INTERVAL - HEARTBEAT; sequence++) {
      tickAt(now + HEARTBEAT);
      step(new Heard(1, sequence));
    }
    assertThat(member.dueNanos()).hasValue(polled + POLL_INTERVAL);

    tickAt(polled + POLL_INTERVAL);

    assertThat(effects).hasSize(4);
    assertThat(effects.get(0)).isEqualTo(new WarnOfOverstay(POLL_INTERVAL));
    assertThat(((Send) effects.get(1)).message()).isEqualTo(new Leave(false, "poll_interval"));
    assertLost(1);
    assertThat(effects).endsWith(new Close(1));
    assertThat(member.state()).isEqualTo(State.OVERSTAYED);
    assertThat(member.dueNanos()).isEmpty();
    tickAt(now + 10 * POLL_INTERVAL);
    assertThat(effects).isEmpty();

    step(new Polled());
    assertThat(effects).containsExactly(new Open(2));
    step(new Opened(2));
    assertThat(effects).containsExactly(new Send(2, 1, new Join(topics("orders"), held(1, 0), 2)));
  }

  @Test
  void keepsItsPlaceWhenItLeavesWithAnInstanceId() {
    member = member(true);
    becomeReader();

    step(new Leaving("close"));

    assertThat(effects).containsExactly(new Send(1, 3, new Leave(true, "close")));
  }

  @Test
  void leavesAndWaitsForThatToBeHeard() {
    becomeReader();

    step(new Leaving("close"));
    assertThat(effects).containsExactly(new Send(1, 3, new Leave(false, "close")));
    assertThat(member.state()).isEqualTo(State.LEAVING);
    step(new Heard(1, 2));
    assertThat(effects).isEmpty();
    step(new Assigned(1, 2, 12, grants(12, 0)));
    assertThat(effects).isEmpty();
    step(new Leaving("close"));
    assertThat(effects).isEmpty();
    step(new Heard(1, 3));

    assertThat(effects).containsExactly(new Close(1));
    assertThat(member.state()).isEqualTo(State.OUT);
  }

  @Test
  void isOutWhenNobodyHearsThatItLeaves() {
    becomeReader();
    step(new Leaving("close"));
    step(new Broken(1, GONE));
    assertThat(member.state()).isEqualTo(State.OUT);

    member = member(false);
    becomeReader();
    step(new Leaving("close"));
    assertThat(member.dueNanos()).hasValue(now + SESSION);
    tickAt(now + SESSION);
    assertThat(effects).containsExactly(new Close(1));
    assertThat(member.state()).isEqualTo(State.OUT);
  }

  @Test
  void isOutAtOnceIfThereIsNobodyToTell() {
    step(new Leaving("close"));
    assertThat(effects).isEmpty();

    becomeReader();
    step(new Broken(1, GONE));
    step(new Leaving("close"));
    assertThat(effects).isEmpty();
    assertThat(member.state()).isEqualTo(State.OUT);
    step(new Polled());
    assertThat(effects).isEmpty();

    member = member(false);
    step(new Subscribed(topics("orders")));
    step(new Polled());
    step(new Leaving("unsubscribe"));
    assertThat(effects).containsExactly(new Close(1));
  }

  @Test
  void comesBackIfItIsSubscribedAgainWhileItLeaves() {
    becomeReader();
    step(new Leaving("unsubscribe"));

    step(new Subscribed(topics("bills")));
    assertThat(effects).containsExactly(new Close(1));
    step(new Polled());
    step(new Opened(2));

    var join = (Join) ((Send) effects.get(0)).message();
    assertThat(join.topics()).isEqualTo(topics("bills"));
    assertThat(join.held().epoch()).isZero();
    assertThat(join.held().partitions()).isEmpty();
  }

  @Test
  void saysWhatElseItWantsToRead() {
    becomeReader();

    step(new Subscribed(topics("orders")));
    assertThat(effects).isEmpty();
    step(new Subscribed(topics("bills", "orders")));
    assertThat(effects).containsExactly(new Send(1, 3, new Subscribe(topics("bills", "orders"))));

    step(new Broken(1, GONE));
    step(new Subscribed(topics("bills")));
    assertThat(effects).isEmpty();
    tickAt(now + BACK_OFF);
    step(new Opened(2));
    assertThat(effects)
        .containsExactly(new Send(2, 1, new Join(topics("bills"), held(0, 9, 0, 1), 2)));
  }

  @Test
  void failsWithWhatWouldAlwaysBeRefused() {
    for (var code :
        List.of(
            ErrorCode.INVALID_GROUP_ID,
            ErrorCode.INVALID_SESSION_TIMEOUT,
            ErrorCode.UNSUPPORTED_ASSIGNOR,
            ErrorCode.INCONSISTENT_GROUP_PROTOCOL,
            ErrorCode.INVALID_REQUEST,
            ErrorCode.NOT_AUTHORIZED,
            ErrorCode.LIMIT_EXCEEDED)) {
      member = member(false);
      step(new Subscribed(topics("orders")));
      step(new Polled());
      step(new Opened(1));

      step(new Broken(1, refused(code)));

      assertThat(effects).containsExactly(new Tell(Told.failed(1, refused(code))));
      assertThat(member.state()).isEqualTo(State.FAILED);
      step(new Polled());
      tickAt(now + SESSION);
      assertThat(effects).isEmpty();

      step(new Subscribed(topics("orders")));
      step(new Polled());
      assertThat(effects).containsExactly(new Open(2));
    }
  }

  @Test
  void losesWhatItHoldsWhenItFails() {
    becomeReader();

    step(new Broken(1, refused(ErrorCode.NOT_AUTHORIZED)));

    assertThat(effects)
        .containsExactly(new Tell(Told.failed(1, refused(ErrorCode.NOT_AUTHORIZED))));
    assertThat(member.leaseEndNanos()).isEmpty();
  }

  @Test
  void triesForTwoSessionsToTakeThePlaceOfItsInstance() {
    member = member(true);
    step(new Subscribed(topics("orders")));
    step(new Polled());
    long first = now;
    int stream = 1;
    while (now - first < 2 * SESSION) {
      step(new Opened(stream));
      step(new Broken(stream++, refused(ErrorCode.INSTANCE_ID_IN_USE)));
      assertThat(member.state()).isEqualTo(State.JOINING);
      tickAt(now + 45);
    }
    step(new Opened(stream));
    step(new Broken(stream, refused(ErrorCode.INSTANCE_ID_IN_USE)));

    assertThat(member.state()).isEqualTo(State.FAILED);
  }

  @Test
  void hearsNothingOnStreamsThatItGaveUp() {
    becomeReader();
    step(new Broken(1, GONE));
    tickAt(now + BACK_OFF);
    assertThat(effects).containsExactly(new Open(2));

    for (var late :
        List.of(
            new Heard(1, 99),
            new Accepted(1, 99, 30, HEARTBEAT),
            new Assigned(1, 99, 30, grants(30, 5)),
            new Opened(1),
            new Broken(1, refused(ErrorCode.FENCED_MEMBER)))) {
      step(late);

      assertThat(effects).isEmpty();
      assertThat(member.state()).isEqualTo(State.REJOINING);
    }
  }

  @Test
  void refusesASessionThatAFewHeartbeatsEnd() {
    assertThatThrownBy(() -> new MembershipConfig(false, false, 29, 10, 100, new RetryPolicy(1, 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /**
   * Whatever comes, and in whatever order: it tells of grants only as a member with a lease, sends
   * only on the stream that is open, and wants no tick that it does nothing with.
   */
  @Test
  void holdsWhatItPromisesWhateverComes() {
    Seeds.forEach(
        300,
        (seed, random) -> {
          member = member(random.nextBoolean());
          now = random.nextLong(); // a monotonic clock may pass its greatest value
          int open = 1;
          int epoch = 1;
          step(new Subscribed(topics("orders")));
          step(new Polled());
          for (int i = 0; i < 300; i++) {
            int stream = Math.max(1, open - random.nextInt(2));
            epoch += random.nextInt(2);
            long heard = random.nextInt(12);
            var code = CODES.get(1 + random.nextInt(CODES.size() - 1));
            MemberInput input =
                switch (random.nextInt(16)) {
                  case 0 -> new Broken(stream, refused(code));
                  case 1 -> new Broken(stream, GONE);
                  case 2 -> new Leaving("close");
                  case 3 -> new Subscribed(topics(random.nextBoolean() ? "orders" : "bills"));
                  case 4, 5 -> new Polled();
                  case 6, 7 -> new Opened(stream);
                  case 8 -> new Accepted(stream, heard, epoch, HEARTBEAT);
                  case 9, 10 ->
                      new Assigned(stream, heard, epoch, grants(epoch, random.nextInt(4)));
                  case 11, 12 -> new Heard(stream, heard);
                  case 13 -> new Holds(held(random.nextInt(4), epoch, random.nextInt(4)));
                  default -> new Tick();
                };
            now += random.nextInt(random.nextInt(20) == 0 ? 500 : 20);

            step(input);

            for (var effect : effects) {
              if (effect instanceof Open opened) {
                assertThat(opened.stream()).isEqualTo(++open);
              } else if (effect instanceof Send send) {
                assertThat(send.stream()).isEqualTo(open);
              } else if (effect instanceof Tell tell && !tell.told().grants().isEmpty()) {
                assertThat(member.state()).isEqualTo(State.IN);
                assertThat(member.leaseEndNanos().orElseThrow() - now).isPositive();
              }
            }
            if (input instanceof Tick && member.dueNanos().isPresent()) {
              assertThat(member.dueNanos().getAsLong() - now).isPositive();
            }
          }
        });
  }
}
