package dev.naru.client.producer;

import dev.naru.client.Acks;
import dev.naru.client.transport.ProduceStream;
import dev.naru.client.transport.Router;
import dev.naru.record.BatchRefusedException;
import java.time.Duration;

/**
 * How batches leave: compressed, not too large, in a request under the present attempt, on the way
 * to their leader. The counterpart of {@link Settlement}. Runs on the client's loop.
 */
final class Dispatch {

  /** The leader is given this much less time than is waited for it, so that its answer wins. */
  private static final long ANSWER_TRAVEL_MILLIS = 500;

  private static final long LEADER_WAIT_MILLIS_MAX = 300_000; // more is refused

  /** With acks=0 no refusal tells that the leader is another one: so the view is kept young. */
  private static final long UNHEARD_NANOS_MAX = Duration.ofSeconds(2).toNanos();

  private final Router router;
  private final Settlement settlement;
  private final int leaderWaitMillis;
  private final Deflaters deflaters = new Deflaters();
  private int attempt; // of all lanes; leaders compare it as unsigned

  Dispatch(Router router, Settlement settlement, Duration requestTimeout) {
    this.router = router;
    this.settlement = settlement;
    long wait = Math.max(requestTimeout.toMillis() - ANSWER_TRAVEL_MILLIS, 1);
    this.leaderWaitMillis = (int) Math.min(wait, LEADER_WAIT_MILLIS_MAX);
  }

  /** Something goes back: lanes with nothing in flight begin anew under a higher number. */
  void nextAttempt() {
    attempt++;
  }

  /** Sends the batch, or fails it if it cannot be sent at all. */
  void send(Lane lane, Batch batch, Route route) {
    if (!batch.hasStamp() && !prepare(lane, batch)) { // one with a stamp must not change
      return;
    }
    router.used(lane.name().topic());
    var request = request(lane, batch, route);
    if (lane.config().acks() == Acks.NONE) {
      nextAttempt(); // a refusal that nobody hears of must not close the way for what follows
      router.refreshIfOlder(UNHEARD_NANOS_MAX);
      route.link().sendUnanswered(request);
      settlement.handOver(lane, batch);
    } else {
      lane.sentOn(route);
      lane.inFlight().sent(request.requestId(), batch);
      route.link().send(lane, batch, request);
    }
  }

  /** Encodes it, and gives it its numbers if it may go. False if it cannot: then it has failed. */
  private boolean prepare(Lane lane, Batch batch) {
    var stamp = lane.numbers().map(Numbers::peek);
    try {
      var config = lane.config();
      var deflater = deflaters.of(config.compression(), config.compressionLevel());
      if (stamp.isPresent()) {
        batch.encode(deflater, stamp.get());
      } else {
        batch.encode(deflater);
      }
    } catch (BatchRefusedException e) {
      settlement.fail(lane, batch, e.refused());
      return false;
    }
    if (failsAsTooLarge(lane, batch)) {
      return false;
    }
    if (stamp.isPresent()) {
      batch.stamped(stamp.get(), lane.numbers().get().batches());
      lane.numbers().get().took(batch.recordCount());
    }
    return true;
  }

  /** A compressed batch shows its size only now. One that is too large fails. */
  private boolean failsAsTooLarge(Lane lane, Batch batch) {
    var topic = router.view().topic(lane.name().topic());
    int most = topic.map(known -> known.maxMessageBytes()).orElse(Integer.MAX_VALUE);
    if (batch.bytes().size() <= most) {
      return false;
    }
    settlement.fail(
        lane, batch, SizeLimits.tooLarge(lane.name().topic(), batch.bytes().size(), most));
    return true;
  }

  private ProduceStream.Request request(Lane lane, Batch batch, Route route) {
    if (lane.inFlight().isEmpty()) {
      lane.inFlight().begin(attempt);
    }
    return new ProduceStream.Request(
        route.link().nextRequestId(),
        lane.id().topic(),
        lane.id().partition(),
        route.epoch(),
        lane.config().acks(),
        leaderWaitMillis,
        lane.inFlight().attempt(),
        batch.bytes());
  }

  /** Gives back what compression holds outside the heap; after the loop has ended. */
  void close() {
    deflaters.close();
  }
}
