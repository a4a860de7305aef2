package dev.naru.client.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.ClientMetrics;
import dev.naru.client.KeyReporting;
import dev.naru.client.NaruException;
import dev.naru.client.ProducerConfig;
import dev.naru.client.TopicPartition;
import dev.naru.client.core.InFlight.Fate;
import dev.naru.client.core.InFlight.Returned;
import dev.naru.client.core.RetryPolicy;
import dev.naru.client.transport.ProducerIds.Drawn;
import dev.naru.record.BatchCheck;
import dev.naru.record.BatchDeflater;
import dev.naru.record.Compression;
import dev.naru.testing.Seeds;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a lane with numbers sends next, whatever came back and whatever has expired. */
class NumberedLaneTest {

  private static final Refused LOST = new Refused(ErrorCode.REQUEST_TIMEOUT, "the stream broke");
  private static final Refused INVALID = new Refused(ErrorCode.INVALID_RECORD, "Expected x");
  private static final Refused TOO_FEW = new Refused(ErrorCode.NOT_ENOUGH_REPLICAS, "Expected y");
  private static final Refused FORGOTTEN = new Refused(ErrorCode.UNKNOWN_PRODUCER_ID, "Expected z");
  private static final Refused FENCED = new Refused(ErrorCode.PRODUCER_FENCED, "Expected e");

  private long nextId = 7;
  private final MemoryBudget memory = new MemoryBudget(1 << 20, new ArrayPool(1000, 1000, 1 << 20));
  private final ProducerIdentity identity =
      new ProducerIdentity(
          ProducerConfig.DEFAULTS,
          (onDrawn, onFailure) -> onDrawn.accept(new Drawn(nextId++, (short) 0, 0)),
          () -> 0,
          new RetryPolicy(1, 1),
          Seeds.random(1),
          () -> {});
  private final Lane lane =
      new Lane(
          ProducerConfig.DEFAULTS,
          memory,
          new Saturation(),
          new FrequentKeys(KeyReporting.OFF, Seeds.random(1)),
          new LastSent(),
          new TopicPartition("orders", 3),
          TopicId.of(1, 1),
          Optional.of(new Numbers(identity)));
  private final Settlement settlement =
      new Settlement(new Completions(Runnable::run, () -> {}), new ClientMetrics());
  private final BatchDeflater deflater = new BatchDeflater(Compression.NONE);
  private final List<String> failed = new ArrayList<>();
  private long requestId;

  private Numbers numbers() {
    return lane.numbers().orElseThrow();
  }

  /** A batch of two records that was filled at this time. */
  private Batch batch(String name, long createdNanos) {
    try {
      byte[] array = Objects.requireNonNull(memory.take(1000, 0, () -> {}));
      var batch = new Batch(lane.name(), memory, array, 1000, 1000, 2, createdNanos);
      batch.append(1, null, new byte[10], List.of(), (ack, failure) -> tell(name, failure));
      batch.append(1, null, new byte[10], List.of(), (ack, failure) -> {});
      return batch;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void tell(String name, @Nullable NaruException failure) {
    if (failure != null) {
      String text = String.valueOf(failure.getMessage());
      failed.add(name + " " + failure.code() + (text.contains("not known") ? " unknown" : ""));
    }
  }

  /** Sends a batch as the sender does; false if it has to wait. */
  private boolean send(Batch batch) {
    if (!lane.hasRoom() || (!batch.hasStamp() && lane.lacksNumbers())) {
      return false;
    }
    lane.resends().remove(batch);
    if (!batch.hasStamp()) {
      var stamp = numbers().peek();
      batch.encode(deflater, stamp);
      batch.stamped(stamp, numbers().batches());
      numbers().took(batch.recordCount());
    }
    lane.inFlight().sent(++requestId, batch);
    return true;
  }

  /** Sends so many; request ids go on. */
  private List<Batch> sendNew(String... names) {
    var batches = new ArrayList<Batch>();
    for (var name : names) {
      var batch = batch(name, 0);
      assertThat(send(batch)).isTrue();
      batches.add(batch);
    }
    return batches;
  }

  private void refuse(long request, Refused why, boolean isUnappended) {
    lane.inFlight()
        .refused(request, why)
        .ifPresent(isUnappended ? Batch::refusedUnappended : Batch::mayBeStored);
  }

  private Optional<Refused> settle() {
    return settlement.putBack(lane, lane.inFlight().takeReturned());
  }

  private static String numbersOf(Batch batch) {
    var header = batch.bytes().header();
    return header.producerId() + "." + header.producerEpoch() + "." + header.baseSequence();
  }

  @Test
  void sendsAgainUnderTheSameNumbers() {
    var sent = sendNew("a", "b");
    lane.inFlight().lost(LOST);

    assertThat(settle()).contains(LOST);

    assertThat(lane.resends()).containsExactlyElementsOf(sent);
    assertThat(send(sent.get(0))).isTrue();
    assertThat(send(sent.get(1))).isTrue();
    assertThat(sent).extracting(NumberedLaneTest::numbersOf).containsExactly("7.0.0", "7.0.2");
    assertThat(failed).isEmpty();
  }

  @Test
  void beginsAnEpochBehindABatchThatIsRefusedForGood() {
    var sent = sendNew("a", "b", "c");
    refuse(1, TOO_FEW, true);
    refuse(2, INVALID, true); // as if it were the one that was refused first
    refuse(3, TOO_FEW, true);
    lane.inFlight().takeReturned();
    settlement.putBack(
        lane,
        List.of(
            new Returned<>(sent.get(0), Fate.FOLLOWED, TOO_FEW),
            new Returned<>(sent.get(1), Fate.REFUSED, INVALID),
            new Returned<>(sent.get(2), Fate.FOLLOWED, INVALID)));

    assertThat(failed).containsExactly("b INVALID_RECORD");
    assertThat(send(sent.get(0))).isTrue();
    assertThat(send(sent.get(2))).isFalse(); // its epoch is another one: a could not go again
    lane.inFlight().accepted(4);
    assertThat(send(sent.get(2))).isTrue();
    assertThat(numbersOf(sent.get(0))).isEqualTo("7.0.0");
    assertThat(numbersOf(sent.get(2))).isEqualTo("7.1.0");
    assertThat(BatchCheck.checksum(sent.get(2).bytes())).isEmpty();
  }

  @Test
  void takesAlongWhatMayBeStoredBehindAGap() {
    sendNew("a", "b");
    refuse(1, INVALID, true);
    lane.inFlight().lost(LOST);

    assertThat(settle()).isEmpty();

    assertThat(failed).containsExactly("a INVALID_RECORD", "b REQUEST_TIMEOUT unknown");
    assertThat(lane.resends()).isEmpty();
  }

  @Test
  void neverForgetsThatABatchMayBeStored() {
    var a = sendNew("a").get(0);
    refuse(1, TOO_FEW, false); // a leader that had appended it, perhaps
    settle();
    assertThat(send(a)).isTrue();
    refuse(2, FORGOTTEN, true);
    settle();

    assertThat(failed).containsExactly("a UNKNOWN_PRODUCER_ID unknown");
  }

  @Test
  void givesNewNumbersToWhatALeaderDoesNotKnowAndHasNotStored() {
    var sent = sendNew("a", "b");
    refuse(1, FORGOTTEN, true);
    refuse(2, FORGOTTEN, true);

    assertThat(settle()).contains(FORGOTTEN);

    assertThat(send(sent.get(0))).isTrue();
    assertThat(send(sent.get(1))).isTrue();
    assertThat(sent).extracting(NumberedLaneTest::numbersOf).containsExactly("7.1.0", "7.1.2");
  }

  @Test
  void sendsNothingBehindWhatHasFailedUnansweredUntilItsFateIsKnown() {
    sendNew("a");
    settlement.expire(lane, ProducerConfig.DEFAULTS.deliveryTimeout().toNanos());
    assertThat(failed).containsExactly("a DELIVERY_TIMEOUT unknown");
    var b = batch("b", 0);
    assertThat(send(b)).isFalse();

    lane.inFlight().accepted(1); // it is stored after all: no gap
    assertThat(send(b)).isTrue();
    assertThat(numbersOf(b)).isEqualTo("7.0.2");
  }

  @Test
  void beginsAnEpochBehindWhatHasFailedAndMayBeStored() {
    sendNew("a");
    settlement.expire(lane, ProducerConfig.DEFAULTS.deliveryTimeout().toNanos());
    lane.inFlight().lost(LOST);
    assertThat(settle()).isEmpty();

    var b = batch("b", 0);
    assertThat(send(b)).isTrue();
    assertThat(numbersOf(b)).isEqualTo("7.1.0");
  }

  @Test
  void expiresWhatWaitsToGoAgainAndTakesAlongWhatIsBehindIt() {
    long timeout = ProducerConfig.DEFAULTS.deliveryTimeout().toNanos();
    var a = batch("a", 0);
    var b = batch("b", Duration.ofSeconds(1).toNanos());
    assertThat(send(a)).isTrue();
    assertThat(send(b)).isTrue();
    lane.inFlight().lost(LOST);
    settle();

    settlement.expire(lane, timeout);

    assertThat(failed).containsExactly("a DELIVERY_TIMEOUT unknown", "b REQUEST_TIMEOUT unknown");
    assertThat(lane.isIdle()).isTrue();
    var c = batch("c", 0);
    assertThat(send(c)).isTrue();
    assertThat(numbersOf(c)).isEqualTo("7.1.0");
  }

  @Test
  void givesNoMoreNumbersThanALeaderRemembersWhileAnAnswerIsMissing() {
    var a = sendNew("a", "b", "c", "d", "e").get(0);
    for (int request = 2; request <= 5; request++) {
      lane.inFlight().accepted(request);
    }
    assertThat(send(batch("f", 0))).isFalse();

    lane.inFlight().lost(LOST);
    settle();
    assertThat(send(a)).isTrue();

    var f = batch("f", 0);
    assertThat(send(f)).isFalse(); // a is still the fifth last
    lane.inFlight().accepted(6);
    assertThat(send(f)).isTrue();
  }

  @Test
  void leavesNoGapWhenWhatNeverLeftExpires() {
    long timeout = ProducerConfig.DEFAULTS.deliveryTimeout().toNanos();
    var a = sendNew("a").get(0);
    lane.queue()
        .appendTo(
            new Batch(lane.name(), memory, new byte[1000], 1000, 1000, 1, 0),
            null,
            100,
            1,
            null,
            new byte[10],
            List.of(),
            (ack, failure) -> tell("waiting", failure));
    lane.inFlight().accepted(1);
    settlement.expire(lane, timeout);

    assertThat(failed).containsExactly("waiting DELIVERY_TIMEOUT");
    var b = batch("b", 0);
    assertThat(send(b)).isTrue();
    assertThat(List.of(a, b))
        .extracting(NumberedLaneTest::numbersOf)
        .containsExactly("7.0.0", "7.0.2");
  }

  @Test
  void beginsAnEpochAfterEverythingHasFailed() {
    var a = sendNew("a").get(0);
    lane.inFlight().lost(LOST);
    settle();
    assertThat(lane.resends()).containsExactly(a);

    settlement.failAll(lane, NaruException.of(INVALID)); // such as for a topic that seems gone

    var b = batch("b", 0);
    assertThat(send(b)).isTrue();
    assertThat(numbersOf(b)).isEqualTo("7.1.0");
  }

  @Test
  void endsTheProducerWhenSomebodyElseHasItsId() {
    sendNew("a", "b");
    refuse(1, FENCED, true);
    refuse(2, FENCED, true);

    settle();

    assertThat(failed).containsExactly("a PRODUCER_FENCED", "b REQUEST_TIMEOUT");
    assertThat(identity.end().map(NaruException::code)).contains(ErrorCode.PRODUCER_FENCED);
  }

  @Test
  void hasAnotherIdAfterTheLastEpoch() {
    assertThat(numbers().areOpen()).isTrue();
    for (int epoch = 0; epoch <= Short.MAX_VALUE; epoch++) {
      assertThat(numbers().peek().id()).isEqualTo(7);
      numbers().took(1);
      numbers().breakChain();
    }

    assertThat(lane.lacksNumbers()).isFalse(); // it was given another one at once
    assertThat(numbers().peek().id()).isEqualTo(8);
    assertThat(numbers().peek().epoch()).isZero();
  }
}
