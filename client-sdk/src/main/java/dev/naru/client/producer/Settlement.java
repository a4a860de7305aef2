package dev.naru.client.producer;

import dev.naru.client.ClientMetric;
import dev.naru.client.ClientMetrics;
import dev.naru.client.NaruException;
import dev.naru.client.NaruTimeoutException;
import dev.naru.client.core.InFlight.Fate;
import dev.naru.client.core.InFlight.Returned;
import dev.naru.client.core.ReturnPlan.Ending;
import dev.naru.client.transport.ProduceStream;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How batches end: acknowledged, failed, or put back to be sent again. Each ends once, gives its
 * memory back and has its callbacks called. Runs on the loop.
 */
final class Settlement {

  private final Completions completions;
  private final ClientMetrics metrics;
  private final NumberedReturns numbered = new NumberedReturns(this);

  Settlement(Completions completions, ClientMetrics metrics) {
    this.completions = completions;
    this.metrics = metrics;
  }

  void acknowledge(Lane lane, Batch batch, ProduceStream.Answer answer) {
    lane.succeeded();
    end(
        batch,
        ClientMetric.PRODUCER_RECORDS,
        () -> batch.acknowledge(answer.baseOffset(), answer.logAppendTimeMillis()));
  }

  void handOver(Lane lane, Batch batch) {
    lane.succeeded();
    end(batch, ClientMetric.PRODUCER_RECORDS, batch::handOver);
  }

  void fail(Lane lane, Batch batch, Refused why) {
    fail(batch, new NaruException(why.code(), why.reason(), detailsOf(lane)));
  }

  /** Fails it, unless it has ended before. */
  void fail(Batch batch, NaruException why) {
    end(batch, ClientMetric.PRODUCER_RECORD_FAILURES, () -> batch.fail(why));
  }

  private void end(Batch batch, ClientMetric counted, Runnable completion) {
    if (!batch.isDone()) {
      metrics.count(counted, batch.recordCount());
      batch.end();
      completions.run(completion);
    }
  }

  /**
   * Fails everything. What is in flight stays there until its answer, which then changes nothing.
   */
  void failAll(Lane lane, NaruException why) {
    lane.inFlight().batches().forEach(batch -> fail(batch, why));
    lane.shut();
    if (lane.resends().stream().anyMatch(Batch::hasStamp)) {
      lane.numbers().ifPresent(Numbers::breakChain);
    }
    lane.resends().forEach(batch -> fail(batch, why));
    lane.resends().clear(); // an open batch may be failed only once no thread can append to it
    while (lane.queue().endBatch() || lane.queue().hasFull()) {
      lane.queue().takeFull().ifPresent(batch -> fail(batch, why));
    }
  }

  /** Puts back in order what may go out again, and says why that was necessary. */
  Optional<Refused> putBack(Lane lane, List<Returned<Batch>> returned) {
    return lane.numbers().isPresent()
        ? numbered.putBack(lane, returned)
        : putBackUnnumbered(lane, returned);
  }

  private Optional<Refused> putBackUnnumbered(Lane lane, List<Returned<Batch>> returned) {
    Optional<Refused> why = Optional.empty();
    for (int i = returned.size() - 1; i >= 0; i--) {
      var each = returned.get(i);
      if (!each.batch().isDone() && mayGoAgain(lane, each)) {
        lane.resends().addFirst(each.batch());
        why = Optional.of(each.why()); // in the end that of the oldest
      }
    }
    return why;
  }

  private boolean mayGoAgain(Lane lane, Returned<Batch> returned) {
    var batch = returned.batch();
    if (returned.fate() == Fate.FOLLOWED) {
      return true;
    }
    boolean isHopeless =
        returned.fate() == Fate.REFUSED && Ending.of(returned.why().code()) != Ending.NONE;
    if (isHopeless || batch.resends() >= lane.config().retries()) {
      endUnsent(lane, returned);
      return false;
    }
    batch.countResend();
    return true;
  }

  private void endUnsent(Lane lane, Returned<Batch> returned) {
    if (returned.fate() == Fate.REFUSED) {
      fail(lane, returned.batch(), returned.why());
      return;
    }
    fail(
        returned.batch(),
        new NaruTimeoutException(
            ErrorCode.REQUEST_TIMEOUT,
            "Expected an answer for " + lane.name() + ", but " + returned.why().reason(),
            detailsOf(lane)));
  }

  /** Fails what has waited for longer than {@code delivery.timeout.ms}. */
  void expire(Lane lane, long nowNanos) {
    long createdBy = nowNanos - lane.config().deliveryTimeout().toNanos();
    if (lane.inFlight().oldest().filter(batch -> isCreatedBy(batch, createdBy)).isPresent()) {
      lane.inFlight().batches().stream()
          .filter(batch -> isCreatedBy(batch, createdBy))
          .forEach(batch -> fail(batch, tooLate(lane, NumberedReturns.UNKNOWN)));
      lane.shut();
    }
    if (lane.numbers().isPresent()) {
      numbered.expire(lane, batch -> isCreatedBy(batch, createdBy));
    }
    while (!lane.resends().isEmpty() && isCreatedBy(lane.resends().getFirst(), createdBy)) {
      fail(lane.resends().removeFirst(), tooLate(lane, ""));
    }
    for (var late = lane.queue().takeCreatedBy(createdBy);
        late.isPresent();
        late = lane.queue().takeCreatedBy(createdBy)) {
      fail(late.get(), tooLate(lane, ""));
    }
  }

  private static boolean isCreatedBy(Batch batch, long nanos) {
    return batch.createdNanos() - nanos <= 0;
  }

  /** With this behind the text. */
  static NaruException tooLate(Lane lane, String suffix) {
    return new NaruTimeoutException(
        ErrorCode.DELIVERY_TIMEOUT,
        "Expected "
            + lane.name()
            + " to acknowledge within delivery.timeout.ms ("
            + lane.config().deliveryTimeout().toMillis()
            + "), but it did not; "
            + lane.lastRefusal()
                .map(why -> "the last failure was " + why)
                .orElse("no attempt has failed")
            + suffix,
        detailsOf(lane));
  }

  static Map<String, String> detailsOf(Lane lane) {
    return Map.of(
        "topic", lane.name().topic(),
        "partition", Integer.toString(lane.name().partition()));
  }
}
