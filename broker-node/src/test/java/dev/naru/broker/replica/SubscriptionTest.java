package dev.naru.broker.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.replica.LeaderEffect.Feed;
import dev.naru.broker.replica.LeaderEffect.StopFeeding;
import dev.naru.broker.replica.LeaderEffect.Tell;
import dev.naru.broker.replica.ToFollower.Refusal;
import dev.naru.broker.replica.ToFollower.TruncateOrder;
import dev.naru.log.epoch.EpochEnd;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Steps 5, 6 and 10, at the leader. */
class SubscriptionTest {

  private static final LogTail AT_100 =
      new LogTail(0, 100, 100, Leading.epoch(2), OptionalInt.of(7));

  @Test
  void acceptsAFollowerWhoseLogIsAPrefix() {
    var leading = Leading.of(Assignments.led());

    var effects = leading.subscribe(2, 95);

    assertThat(effects)
        .filteredOn(Feed.class::isInstance)
        .singleElement()
        .extracting(effect -> ((Feed) effect).order().from())
        .isEqualTo(95L);
  }

  /** Retention took all that it had; it may be counted on, and must not begin lower again. */
  @Test
  void acceptsAFollowerWithoutABatchWhereOneOfTheLeadersEnds() {
    var nothing = new LogTail(95, 95, 95, Optional.empty(), OptionalInt.empty());
    var leading = Leading.of(Assignments.led());

    var atAnEdge = leading.step(leading.subscribeAsked(2, nothing, 5, OptionalInt.of(7)));
    var withinABatch = leading.step(leading.subscribeAsked(2, nothing, 5, OptionalInt.empty()));

    assertThat(fedFrom(atAnEdge)).isEqualTo(95);
    assertThat(fedFrom(withinABatch)).isZero();
  }

  private static long fedFrom(List<LeaderEffect> effects) {
    return effects.stream()
        .filter(Feed.class::isInstance)
        .map(effect -> ((Feed) effect).order().from())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void ordersACutWhereTheHistoriesPart() {
    var leading = Leading.of(Assignments.led());

    var effects =
        leading.subscribe(2, new LogTail(0, 104, 104, Leading.epoch(4), OptionalInt.empty()));

    assertThat(told(effects))
        .isEqualTo(new TruncateOrder(1, new LeaderEpoch(5), new EpochEnd(new LeaderEpoch(2), 100)));
  }

  @Test
  void refusesAnotherLeaderEpoch() {
    var leading = Leading.of(Assignments.led());

    assertThat(refusal(leading, leading.subscribeAsked(2, AT_100, 4, OptionalInt.empty())))
        .isEqualTo(ErrorCode.FENCED_LEADER_EPOCH);
    assertThat(refusal(leading, leading.subscribeAsked(2, AT_100, 6, OptionalInt.empty())))
        .isEqualTo(ErrorCode.UNKNOWN_LEADER_EPOCH);
  }

  @Test
  void refusesAnotherProcessOfTheNode() {
    var leading = Leading.of(Assignments.led());
    var asOld = leading.subscribeAsked(3, AT_100, 5, OptionalInt.empty());
    leading.image(leading.assignment.withNodeEpochOf3(31));

    assertThat(refusal(leading, asOld)).isEqualTo(ErrorCode.FENCED_NODE_EPOCH);
  }

  @Test
  void refusesAProcessTheImageDoesNotKnowYet() {
    var leading = Leading.of(Assignments.led());
    leading.assignment = leading.assignment.withNodeEpochOf3(31);

    assertThat(refusal(leading, leading.subscribeAsked(3, AT_100, 5, OptionalInt.empty())))
        .isEqualTo(ErrorCode.UNKNOWN_NODE_EPOCH);
  }

  @Test
  void refusesAFollowerThatDoesNotKnowItWasAssignedAnew() {
    var leading = Leading.of(Assignments.led());
    var asOld = leading.subscribeAsked(3, AT_100, 5, OptionalInt.empty());
    leading.image(leading.assignment.withNode3AssignedAnew());

    assertThat(refusal(leading, asOld)).isEqualTo(ErrorCode.PARTITION_EPOCH_MISMATCH);
  }

  @Test
  void refusesAFollowerWhoseLastBatchIsAnotherOne() {
    var leading = Leading.of(Assignments.led());

    assertThat(refusal(leading, leading.subscribeAsked(2, AT_100, 5, OptionalInt.of(8))))
        .isEqualTo(ErrorCode.CORRUPT_LOG);
  }

  @Test
  void endsAReplicasFirstSubscriptionWithItsSecond() {
    var leading = Leading.of(Assignments.led());
    leading.subscribe(2, 95);
    var first = leading.subscription(2);

    var effects = leading.subscribe(2, 95);

    assertThat(effects).contains(new StopFeeding(first));
    assertThat(leading.subscription(2)).isNotEqualTo(first);
  }

  @Test
  void ignoresASubscriptionThatWasOvertakenByItsSuccessor() {
    var leading = Leading.of(Assignments.led());
    var late = leading.subscribeAsked(2, AT_100, 5, OptionalInt.empty());
    leading.subscribe(2, 95);

    assertThat(leading.step(late)).isEmpty();
  }

  @Test
  void endsASubscriptionWhoseEndsFall() {
    var leading = Leading.inSync(Assignments.led());
    leading.produce(Acks.ALL, 10);
    leading.ack(2, 108);

    var effects = leading.ack(2, 107);

    assertThat(effects).contains(new StopFeeding(leading.subscription(2)));
  }

  @Test
  void endsASubscriptionThatClaimsMoreThanTheLeaderHas() {
    var leading = Leading.inSync(Assignments.led());

    assertThat(leading.ack(2, 101)).contains(new StopFeeding(leading.subscription(2)));
  }

  @Test
  void endsTheSubscriptionOfAProcessThatTheImageReplaced() {
    var leading = Leading.inSync(Assignments.led());
    var live = leading.subscription(3);

    var effects = leading.image(leading.assignment.withNodeEpochOf3(31));

    assertThat(effects).contains(new StopFeeding(live));
  }

  @Test
  void tellsAReplicaThatWasAssignedAnewToSubscribeAgain() {
    var leading = Leading.inSync(Assignments.led());
    var live = leading.subscription(3);

    var effects = leading.image(leading.assignment.withNode3AssignedAnew());

    assertThat(effects).contains(new StopFeeding(live));
    assertThat(told(effects))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.subscription()).isEqualTo(live.number());
              assertThat(refusal.why().code().isRetriable()).isTrue();
            });
  }

  private static ErrorCode refusal(Leading leading, LeaderInput.SubscribeAsked asked) {
    return ((Refusal) told(leading.step(asked))).why().code();
  }

  private static ToFollower told(List<LeaderEffect> effects) {
    Optional<ToFollower> told =
        effects.stream()
            .filter(Tell.class::isInstance)
            .map(effect -> ((Tell) effect).message())
            .findFirst();
    return told.orElseThrow();
  }
}
