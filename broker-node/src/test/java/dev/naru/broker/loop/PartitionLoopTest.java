package dev.naru.broker.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.partition.FetchKey;
import dev.naru.broker.partition.OnePartition;
import dev.naru.broker.partition.PartitionInput;
import dev.naru.broker.partition.Replies;
import dev.naru.broker.replica.Acks;
import dev.naru.broker.replica.KnownLeader;
import dev.naru.broker.replica.LogTail;
import dev.naru.broker.replica.ProduceKey;
import dev.naru.broker.replica.SubscriptionId;
import dev.naru.broker.replica.ToLeader;
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
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PartitionLoopTest {

  private final Answers answers = new Answers();
  private final PartitionLoop loop =
      new PartitionLoop(() -> 0, answers, (seat, fault) -> {}, 1 << 20);
  private final PartitionSeat hot = seat(0);
  private final PartitionSeat cold = seat(1);
  private final List<String> taken = new ArrayList<>();

  @Test
  void servesAQuietPartitionBeforeAllOfABusyOnesBacklog() {
    IntStream.range(0, 100).forEach(i -> ask(hot, "hot"));
    ask(cold, "cold");

    loop.turn(0);

    assertThat(taken).hasSize(101);
    assertThat(taken.indexOf("cold")).isEqualTo(32);
  }

  @Test
  void takesInWhatTheProtocolNeedsBeforeWhatClientsAsk() {
    ask(cold, "request");
    hot.tell(fetchGone(), () -> taken.add("protocol"));

    loop.turn(0);

    assertThat(taken).containsExactly("protocol", "request");
  }

  @Test
  void keepsTheOrderOfOnePartition() {
    IntStream.range(0, 100).forEach(i -> ask(hot, "hot " + i));

    loop.turn(0);

    assertThat(taken).isEqualTo(IntStream.range(0, 100).mapToObj(i -> "hot " + i).toList());
  }

  @Test
  void refusesRequestsWhenItsLaneIsFullAndTakesThemAgainAfterATurn() {
    IntStream.range(0, Mailbox.REQUESTS_MAX).forEach(i -> ask(hot, "hot"));
    assertThat(cold.ask(fetchGone())).isFalse();

    loop.turn(0);

    assertThat(cold.ask(fetchGone())).isTrue();
    assertThat(taken).as("a turn is bounded").hasSize(512);
  }

  @Test
  void answersClientsOfAPartitionThatIsNotServed() {
    var key = new ProduceKey(1, 1, 1);
    hot.ask(
        new PartitionInput.ProduceSpoiled(
            key, Acks.ALL, new Refused(ErrorCode.CORRUPT_RECORD, "Expected x, but y")));
    hot.ask(new PartitionInput.FetchWaits(new FetchKey(2, 2), LeaderEpoch.ZERO, 0, 0));

    loop.turn(0);

    assertThat(answers.said).containsExactly("CORRUPT_RECORD to 1", "ready 2");
  }

  @Test
  void aFollowerOfAPartitionThatIsYetToBeOpenedWaits() {
    follow(hot, 1);

    loop.turn(0);

    assertThat(taken).isEmpty();
  }

  @Test
  void aFollowerWaitsForNoPartitionWhoseLogWillNotBeOpened() {
    follow(hot, 1);
    loop.turn(0);

    hot.place().abandon();
    loop.turn(0);
    assertThat(taken).containsExactly("refused 1");

    follow(hot, 2);
    loop.turn(0);
    assertThat(taken).containsExactly("refused 1", "refused 2");
  }

  @Test
  void aFollowerWaitsForNoPartitionThatIsTakenAwayOrHasFailed() {
    follow(hot, 1);
    follow(cold, 2);
    loop.turn(0);

    hot.tell(new PartitionInput.Closed());
    loop.turn(0);
    cold.fail("a fault");

    assertThat(taken).containsExactly("refused 1", "refused 2");
    follow(hot, 3);
    follow(cold, 4);
    loop.turn(0);
    assertThat(taken).endsWith("refused 3", "refused 4");
  }

  private void follow(PartitionSeat seat, long subscription) {
    var request =
        new ToLeader.SubscribeRequest(
            subscription,
            seat.id(),
            new LeaderEpoch(1),
            PartitionEpoch.ZERO,
            new LogTail(0, 0, 0, Optional.empty(), OptionalInt.empty()),
            1 << 20);
    seat.follow(
        new PartitionInput.FromFollower(
            new SubscriptionId(new NodeId(2), new NodeEpoch(20), subscription), request),
        () -> taken.add("refused " + subscription));
  }

  @Test
  void answersNobodyWhoWantsNoAnswer() {
    hot.ask(
        new PartitionInput.ProduceSpoiled(
            new ProduceKey(1, 1, 1),
            Acks.NONE,
            new Refused(ErrorCode.CORRUPT_RECORD, "Expected x, but y")));

    loop.turn(0);

    assertThat(answers.said).isEmpty();
  }

  @Test
  void turnsOnlyWhenThereIsWorkOrATickIsDue() {
    assertThat(loop.turn(1)).isFalse();
    assertThat(loop.turn(PartitionLoop.TICK_NANOS)).isTrue();
    assertThat(loop.turn(PartitionLoop.TICK_NANOS + 1)).isFalse();
    ask(hot, "hot");
    assertThat(loop.turn(PartitionLoop.TICK_NANOS + 2)).isTrue();
  }

  @Test
  void givesNoTicksToAPartitionAtRestUntilItHasSomethingToDo() {
    loop.put(new Delivery.Occupation(hot, OnePartition.following().partition));
    loop.turn(PartitionLoop.TICK_NANOS);
    assertThat(hot.isTicking).isFalse();

    hot.tell(fetchGone());
    loop.turn(PartitionLoop.TICK_NANOS + 1);
    assertThat(hot.isTicking).as("until the next tick finds it at rest again").isTrue();

    loop.turn(2 * PartitionLoop.TICK_NANOS);
    assertThat(hot.isTicking).isFalse();
  }

  @Test
  void ticksOftenForAPartitionThatWaitsForAShortTime() {
    var follower = OnePartition.following();
    loop.put(new Delivery.Occupation(hot, follower.partition));
    loop.turn(PartitionLoop.TICK_NANOS);
    int asked = follower.subscriptionsAsked();

    hot.tell(follower.refusal(ErrorCode.UNKNOWN_LEADER_EPOCH));
    long refused = PartitionLoop.TICK_NANOS + 1;
    loop.turn(refused);
    assertThat(loop.turn(refused + PartitionLoop.QUICK_TICK_NANOS - 1)).isFalse();
    loop.turn(refused + PartitionLoop.QUICK_TICK_NANOS);

    assertThat(follower.subscriptionsAsked()).isEqualTo(asked + 1);
    assertThat(loop.turn(refused + 2 * PartitionLoop.QUICK_TICK_NANOS))
        .as("ticks once it has asked")
        .isFalse();
  }

  /** Memory that hangs on an input is given back when it was dealt with, and only then. */
  @Test
  void dealsWithWhatLiesThereWhenItEndsAndWithWhatComesLater() {
    IntStream.range(0, 600).forEach(i -> ask(hot, "before"));
    loop.stop();

    loop.run();
    assertThat(taken).hasSize(600);

    ask(hot, "later");
    cold.tell(fetchGone(), () -> taken.add("later"));
    assertThat(taken).hasSize(602);
  }

  private void ask(PartitionSeat seat, String name) {
    assertThat(seat.ask(fetchGone(), () -> taken.add(name))).isTrue();
  }

  private static PartitionInput fetchGone() {
    return new PartitionInput.FetchGone(new FetchKey(0, 0));
  }

  private PartitionSeat seat(int partition) {
    return new PartitionSeat(new PartitionId(TopicId.of(1, 1), partition), loop);
  }

  private static final class Answers implements Replies {
    final List<String> said = new ArrayList<>();

    @Override
    public void produced(ProduceKey key, long firstOffset, OptionalLong appendMillis) {
      said.add("produced " + key.request());
    }

    @Override
    public void refused(
        ProduceKey key, Refused why, Appended appended, Optional<KnownLeader> leader) {
      said.add(why.code() + " to " + key.request());
    }

    @Override
    public void fetchReady(FetchKey key) {
      said.add("ready " + key.request());
    }
  }
}
