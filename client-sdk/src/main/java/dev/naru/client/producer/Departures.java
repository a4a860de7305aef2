package dev.naru.client.producer;

import dev.naru.client.producer.WaitingLanes.Cause;
import dev.naru.client.transport.ClientLoop;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Whether the next batch of a lane may leave now, as far as the lane, its batch and its producer
 * are concerned. The lane of one that may not is served again without being asked: it is among the
 * {@link WaitingLanes}, follows the {@link LastSent} batch, or has a timer. Runs on the client's
 * loop.
 */
final class Departures {

  /** How long a batch that could go is filled instead: those before it take about as long. */
  private static final long FILLING_NANOS_MAX = Duration.ofMillis(10).toNanos();

  /** The same where only one batch is before it, whose node may be gone: what Kafka 4 lingers. */
  private static final long FOLLOWING_NANOS_MAX = Duration.ofMillis(5).toNanos();

  private final ClientLoop loop;
  private final Completions completions;
  private final Settlement settlement;
  private final Links links;
  private final WaitingLanes waiting;
  private final Consumer<Lane> serve;

  /**
   * Decides with these.
   *
   * @param serve serves a lane once more
   */
  Departures(
      ClientLoop loop,
      Completions completions,
      Settlement settlement,
      Links links,
      WaitingLanes waiting,
      Consumer<Lane> serve) {
    this.loop = loop;
    this.completions = completions;
    this.settlement = settlement;
    this.links = links;
    this.waiting = waiting;
    this.serve = serve;
  }

  /** Whether one more batch may be in flight; if only callbacks hold it up, they wake the lane. */
  boolean hasRoom(Lane lane) {
    if (!lane.hasRoom()) {
      return false;
    }
    if (!completions.hasRoom()) {
      waiting.add(lane, Cause.CALLBACKS);
      return false;
    }
    return true;
  }

  /** Whether a batch may go now; if one may go later, a timer serves the lane then. */
  boolean isDue(Lane lane) {
    long now = loop.nanoTime();
    if (isBetterFilled(lane, now) || isFollowing(lane, now)) {
      return false;
    }
    var due = lane.dueNanos(now);
    due.filter(nanos -> nanos - now > 0).ifPresent(nanos -> wake(lane, nanos, now));
    return due.isPresent() && due.get() - now <= 0;
  }

  /** Whether waiting costs nothing: more records will come to the batch, and its leader is busy. */
  private boolean isBetterFilled(Lane lane, long nowNanos) {
    var since = lane.fillingSinceNanos();
    if (since.isEmpty() || links.toLeader(lane).filter(to -> to.link().isSaturated()).isEmpty()) {
      return false;
    }
    if (!waitsUntil(lane, since.getAsLong() + FILLING_NANOS_MAX, nowNanos)) {
      return false;
    }
    waiting.add(lane, Cause.FILLING);
    return true;
  }

  /**
   * Whether keyless records, which are placed one batch here and the next there, had better stay
   * together until the batch before is answered: else each turn of a partition would begin with a
   * batch of a single record.
   */
  private boolean isFollowing(Lane lane, long nowNanos) {
    var since = lane.followingSinceNanos();
    if (since.isEmpty() || !waitsUntil(lane, since.getAsLong() + FOLLOWING_NANOS_MAX, nowNanos)) {
      return false;
    }
    lane.lastSent().addFollower(lane);
    return true;
  }

  /** Has the lane wait, but no longer than until then; false if that has passed. */
  private boolean waitsUntil(Lane lane, long untilNanos, long nowNanos) {
    if (untilNanos - nowNanos <= 0) {
      return false;
    }
    wake(lane, untilNanos, nowNanos);
    return true;
  }

  /**
   * Whether the lane cannot number a batch: it waits for its producer's id, or that may not send
   * any more, and then all that the lane holds is failed here.
   */
  boolean isUnnumbered(Lane lane) {
    var end = lane.numbers().flatMap(numbers -> numbers.identity().end());
    if (end.isPresent()) {
      settlement.failAll(lane, end.get());
      return true;
    }
    if (lane.lacksNumbers()) {
      waiting.add(lane, Cause.NO_PRODUCER_ID);
      lane.numbers().ifPresent(numbers -> lane.waitsFor(numbers.whyNone()));
      return true;
    }
    return false;
  }

  /** Serves the lane at this time, unless it is served anyway by then. */
  void wake(Lane lane, long dueNanos, long nowNanos) {
    if (lane.needsTimer(dueNanos)) {
      loop.schedule(
          dueNanos - nowNanos,
          () -> {
            lane.timerWentOff(dueNanos);
            serve.accept(lane);
          });
    }
  }
}
