package dev.naru.broker.partition;

import static dev.naru.broker.partition.OnePartition.numbered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.partition.PartitionInput.LeaderLost;
import dev.naru.broker.partition.PartitionInput.ProducersAged;
import dev.naru.broker.replica.Acks;
import dev.naru.broker.replica.ForgottenDeletions;
import dev.naru.broker.replica.ToFollower.AcceptOrder;
import dev.naru.log.producer.ProducerState;
import dev.naru.log.producer.Run;
import dev.naru.types.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a replica without a log is told of producers, and when it forgets them. */
class CopiedProducersTest {

  private static final long PRODUCER = 7L << 24;

  @Test
  void takesOverWhatTheLeaderKnowsOfProducersWhoseBatchesAreGone() {
    var one = OnePartition.following();

    one.fromLeader(from(one, 100).telling(List.of(state(PRODUCER)), false));
    one.image(one.assignment.withLeader(1).withIsr(1).withMinInsync(1));
    long again = one.produce(Acks.ALL, numbered(PRODUCER, 0, 3), 1);
    long next = one.produce(Acks.ALL, numbered(PRODUCER, 3, 2), 1);
    one.settleAndForce();

    assertThat(one.outside.answers)
        .containsExactly(
            new Outside.Answer(again, OptionalLong.of(90), Optional.empty()),
            new Outside.Answer(next, OptionalLong.of(100), Optional.empty()));
  }

  @Test
  void knowsThemAlsoAfterACrash() {
    var before = OnePartition.following();
    before.fromLeader(from(before, 100).telling(List.of(state(PRODUCER)), false));

    var one = before.restarted();

    assertThat(one.log.end()).isEqualTo(100);
    assertThat(one.log.producers().state(PRODUCER)).isPresent();
  }

  @Test
  void isToldOfManyInSeveralMessagesAndBeginsWithTheLast() {
    var one = OnePartition.following();
    var order = from(one, 100);

    one.fromLeader(order.telling(List.of(state(PRODUCER)), true));
    assertThat(one.log.end()).isZero();
    one.fromLeader(order.telling(List.of(state(PRODUCER + 1)), false));

    assertThat(one.log.start()).isEqualTo(100);
    assertThat(one.log.producers().states())
        .extracting(ProducerState::id)
        .containsExactly(PRODUCER, PRODUCER + 1);
  }

  @Test
  void forgetsWhatItWasToldInASubscriptionThatIsOver() {
    var one = OnePartition.following();
    one.fromLeader(from(one, 100).telling(List.of(state(PRODUCER)), true));
    one.take(new LeaderLost(new NodeId(2), one.subscription()));
    one.pass(Duration.ofSeconds(1));

    one.fromLeader(from(one, 200).telling(List.of(state(PRODUCER + 1)), false));

    assertThat(one.log.producers().states())
        .extracting(ProducerState::id)
        .containsExactly(PRODUCER + 1);
  }

  @Test
  void tellsAFollowerThatBeginsEmptyOfAllThatWroteBefore() {
    int many = FollowerFeeds.PRODUCERS_AT_ONCE + 1;
    var one =
        leadingFrom100(LongStream.range(0, many).mapToObj(CopiedProducersTest::state).toList());

    one.subscribe(0, 1_000);

    var orders = one.outside.toFollowers(AcceptOrder.class);
    assertThat(orders).extracting(AcceptOrder::hasMore).containsExactly(true, false);
    assertThat(orders).allMatch(order -> order.startOver() && order.from() == 100);
    assertThat(orders.stream().flatMap(order -> order.producers().stream()))
        .extracting(ProducerState::id)
        .hasSize(many)
        .doesNotHaveDuplicates();
  }

  /** The follower notes them with the batches. */
  @Test
  void tellsNoFollowerOfProducersThatItWillMeet() {
    var one = OnePartition.alone();
    one.produce(Acks.ALL, numbered(PRODUCER, 0, 3), 1);
    one.image(one.assignment.withIsr(1));

    one.subscribe(0, 1_000);

    assertThat(one.outside.toFollowers(AcceptOrder.class))
        .singleElement()
        .matches(order -> order.producers().isEmpty() && !order.hasMore());
  }

  @Test
  void forgetsProducersThatHaveBeenSilentForSoLong() {
    var one = OnePartition.alone();
    one.produce(Acks.ALL, numbered(PRODUCER, 0, 3), 1);
    one.settleAndForce();
    assertThat(one.partition.view().producers()).isEqualTo(1);

    for (int i = 0; i < 6; i++) {
      one.take(new ProducersAged(6));
    }
    assertThat(one.partition.view().producers()).isEqualTo(1);
    one.take(new ProducersAged(6));

    assertThat(one.partition.view().producers()).isZero();
  }

  private static OnePartition leadingFrom100(List<ProducerState> known) {
    var one = OnePartition.following();
    one.fromLeader(from(one, 100).telling(known, false));
    one.image(one.assignment.withIsr(1, 2).withLeader(1));
    return one;
  }

  private static AcceptOrder from(OnePartition one, long offset) {
    return new AcceptOrder(
        one.subscription(), one.epoch(), offset, true, offset, ForgottenDeletions.NONE);
  }

  /** It wrote three records at 90. */
  private static ProducerState state(long producer) {
    var run = new Run(0, 3, 90, OptionalInt.empty());
    return new ProducerState(producer, (short) 0, 0, List.of(run));
  }
}
