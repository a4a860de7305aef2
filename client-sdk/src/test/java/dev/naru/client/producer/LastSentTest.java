package dev.naru.client.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.KeyReporting;
import dev.naru.client.ProducerConfig;
import dev.naru.client.TopicPartition;
import dev.naru.client.core.StickyPartitioner;
import dev.naru.testing.Seeds;
import dev.naru.types.TopicId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When keyless records stay together behind the batch that another partition was sent. */
class LastSentTest {

  private static final int BATCH_BYTES = 1_000;
  private static final int TURN_BYTES = 500;

  private final MemoryBudget memory =
      new MemoryBudget(1 << 20, new ArrayPool(BATCH_BYTES, BATCH_BYTES, 1 << 20));
  private final LastSent lastSent = new LastSent();
  private final StickyPartitioner sticky =
      new StickyPartitioner(2, TURN_BYTES, () -> TURN_BYTES, 1);
  private final Lane before = lane(0, ProducerConfig.DEFAULTS);
  private final Lane next = lane(1, ProducerConfig.DEFAULTS);

  @Test
  void aBatchFollowsTheOneBeforeUntilThatIsAnswered() {
    send(before, 1);
    appendKeyless(next, 100, 7);
    assertThat(next.followingSinceNanos()).hasValue(7);

    before.inFlight().accepted(1);

    assertThat(next.followingSinceNanos()).isEmpty();
  }

  @Test
  void theFirstBatchFollowsNone() {
    appendKeyless(next, 100, 7);

    assertThat(next.followingSinceNanos()).isEmpty();
  }

  @Test
  void aBatchWaitsNoLongerOnceItsTurnIsOver() {
    send(before, 1);

    appendKeyless(next, TURN_BYTES, 7);

    assertThat(next.followingSinceNanos()).isEmpty();
  }

  /** It would be served with each answer to another partition, and by a timer, in vain. */
  @Test
  void aBatchBehindOneOfItsOwnPartitionWaitsForThatAnyway() {
    send(next, 1);

    appendKeyless(next, 100, 7);

    assertThat(next.followingSinceNanos()).isEmpty();
  }

  @Test
  void aBatchWaitsNoLongerForAStragglersRecord() {
    send(before, 1);
    appendKeyless(next, 100, 7);
    sticky.endTurn(1, any -> true);

    appendKeyless(next, 100, 8);

    assertThat(sticky.current()).isZero();
    assertThat(next.followingSinceNanos()).isEmpty();
  }

  @Test
  void thoseThatFollowAreServedOnceAndNotBeforeTheAnswer() {
    send(before, 1);
    lastSent.addFollower(next);
    assertThat(lastSent.takeFollowers()).isEmpty();

    before.inFlight().accepted(1);

    assertThat(lastSent.takeFollowers()).containsExactly(next);
    assertThat(lastSent.takeFollowers()).isEmpty();
  }

  @Test
  void recordsWithAKeyFollowNoOtherPartition() { // nobody brings more of them here
    send(before, 1);

    append(next, 100, 7, null);

    assertThat(next.followingSinceNanos()).isEmpty();
  }

  @Test
  void whoLetsBatchesLingerSaysForHowLong() {
    var lingering = lane(1, lingering(Duration.ofMillis(1)));
    send(before, 1);

    appendKeyless(lingering, 100, 7);

    assertThat(lingering.followingSinceNanos()).isEmpty();
  }

  private Lane lane(int partition, ProducerConfig config) {
    return new Lane(
        config,
        memory,
        new Saturation(),
        new FrequentKeys(KeyReporting.OFF, Seeds.random(1)),
        lastSent,
        new TopicPartition("t", partition),
        TopicId.of(1, 1),
        Optional.empty());
  }

  private static ProducerConfig lingering(Duration linger) {
    var other = ProducerConfig.DEFAULTS;
    return new ProducerConfig(
        other.acks(),
        other.bufferMemory(),
        other.batchSize(),
        linger,
        other.maxBlock(),
        other.retries(),
        other.deliveryTimeout(),
        other.maxInFlight(),
        other.compression(),
        other.partitioning(),
        other.ignoresKeys(),
        other.idempotence(),
        other.maxRequestSize(),
        other.levels(),
        other.keyReporting());
  }

  private void send(Lane lane, long requestId) {
    append(lane, 100, 0, null);
    lane.inFlight().sent(requestId, lane.take(0).orElseThrow());
  }

  private void appendKeyless(Lane lane, int valueBytes, long createdNanos) {
    int partition = lane.name().partition();
    append(
        lane, valueBytes, createdNanos, new Turn(sticky, partition, false, any -> true, () -> {}));
  }

  private void append(Lane lane, int valueBytes, long createdNanos, @Nullable Turn turn) {
    byte[] array = new byte[BATCH_BYTES];
    var fresh = new Batch(lane.name(), memory, array, BATCH_BYTES, BATCH_BYTES, 1, createdNanos);
    lane.queue()
        .appendTo(fresh, turn, 100, 1, null, new byte[valueBytes], List.of(), (ack, why) -> {});
  }
}
