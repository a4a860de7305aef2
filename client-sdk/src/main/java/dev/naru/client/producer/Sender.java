package dev.naru.client.producer;

import dev.naru.client.ClientConfig;
import dev.naru.client.ClientMetrics;
import dev.naru.client.NaruException;
import dev.naru.client.NaruTimeoutException;
import dev.naru.client.ProducerConfig;
import dev.naru.client.core.RetryPolicy;
import dev.naru.client.producer.WaitingLanes.Cause;
import dev.naru.client.transport.Channels;
import dev.naru.client.transport.ClientLoop;
import dev.naru.client.transport.ProduceStream;
import dev.naru.client.transport.ProducerIds;
import dev.naru.client.transport.Router;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Takes batches from the queues of all producers of a client to the leaders of their partitions.
 *
 * <p>Everything happens on the client's loop, as a reaction: a queue was signalled, an answer came,
 * a stream has room or broke, the cluster view changed, a timer went off. Each reaction ends in
 * {@link #serve}, which sends as much of one lane as may go ({@link Departures}, {@link Dispatch})
 * and otherwise leaves the lane where the next reaction finds it: with its link, which waits for
 * room; among the {@link WaitingLanes}; with the {@link LastSent} batch of its topic; or with a
 * timer. What waits with none of them is found by the sweep.
 *
 * <p>A leader that is gone shows as a broken stream, a refusal or silence. In each case the lane's
 * batches come back in order (see {@link dev.naru.client.core.InFlight}), the router is asked for
 * news, and the lane is served again after a short back-off or as soon as the view changes.
 */
public final class Sender implements NodeLink.Events {

  /** How exact timeouts are. */
  private static final long SWEEP_NANOS = Duration.ofMillis(50).toNanos();

  /**
   * How long a batch that cannot be sent takes more records, which share the deadline of its first
   * one.
   */
  private static final long GROWING_NANOS_MAX = Duration.ofSeconds(1).toNanos();

  private final Router router;
  private final ClientLoop loop;
  private final RandomGenerator dice;
  private final RetryPolicy retry;
  private final Settlement settlement;
  private final Dispatch dispatch;
  private final Completions completions;
  private final ProducerIds ids;
  private final Links links;
  private final Saturation saturation = new Saturation();
  private final Queue<Lane> signalled = new ConcurrentLinkedQueue<>(); // each lane once at most
  private final AtomicBoolean isTurnDue = new AtomicBoolean();
  private final Set<Lane> active = new LinkedHashSet<>(); // lanes with anything left to do
  private final WaitingLanes waiting = new WaitingLanes();
  private final Departures departures;
  private boolean isSweeping;

  /** Sends nothing yet. */
  public Sender(
      ClientConfig config,
      Router router,
      Channels channels,
      ProducerIds ids,
      ClientMetrics metrics,
      ClientLoop loop,
      RandomGenerator dice,
      Executor callbackThread) {
    this.router = router;
    this.ids = ids;
    this.loop = loop;
    this.dice = dice;
    this.retry = RetryPolicy.of(config);
    this.completions =
        new Completions(
            callbackThread, () -> loop.execute(() -> serveAll(waiting.take(Cause.CALLBACKS))));
    this.settlement = new Settlement(completions, metrics);
    this.dispatch = new Dispatch(router, settlement, config.requestTimeout());
    this.links = new Links(config, router, channels, loop, retry, dice, this);
    this.departures = new Departures(loop, completions, settlement, links, waiting, this::serve);
    router.watch(this::onViewChanged);
  }

  /** Whether nodes have enough to do; for the queues of this client's producers. */
  Saturation saturation() {
    return saturation;
  }

  /** As whom a new producer sends; empty if what it sends twice may be stored twice. */
  Optional<ProducerIdentity> identityOf(ProducerConfig config) {
    return config.isIdempotent()
        ? Optional.of(
            new ProducerIdentity(
                config, ids::draw, loop::nanoTime, retry, dice, this::onIdentityChanged))
        : Optional.empty();
  }

  /** Has the id asked for that batches will need. Any thread calls it. */
  void identify(ProducerIdentity identity) {
    loop.execute(identity::current);
  }

  private void onIdentityChanged() {
    serveAll(waiting.take(Cause.NO_PRODUCER_ID));
  }

  /**
   * A lane has something new. Any thread calls it, so it costs next to nothing while the loop is
   * awake.
   */
  void signal(Lane lane) {
    if (lane.signal()) {
      signalled.add(lane);
      if (!isTurnDue.getAndSet(true)) {
        loop.execute(this::turn);
      }
    }
  }

  /** Looks at these lanes again: something that concerns all of them has changed. Any thread. */
  void serveSoon(Collection<Lane> lanes) {
    loop.execute(() -> serveAll(lanes));
  }

  /**
   * Whom the memory of these lanes waits for; completes soon, or never if the client is closed. Any
   * thread calls it.
   */
  CompletableFuture<Backlog> backlog(Collection<Lane> lanes) {
    var found = new CompletableFuture<Backlog>();
    loop.execute(() -> found.complete(Backlog.of(lanes, router.view())));
    return found;
  }

  /** Sends what these lanes hold now; completes when all of it is settled. Any thread calls it. */
  CompletableFuture<Void> flush(Collection<Lane> lanes) {
    var found = new CompletableFuture<CompletableFuture<Void>>();
    loop.execute(
        () -> {
          var settled = new ArrayList<CompletableFuture<Void>>();
          settled.add(
              completions.reached()); // answers that came, with callbacks still to be called
          for (var lane : lanes) {
            lane.queue().endBatch();
            lane.batches().forEach(batch -> settled.add(batch.settled()));
            serve(lane);
          }
          found.complete(CompletableFuture.allOf(settled.toArray(CompletableFuture[]::new)));
        },
        () -> found.complete(CompletableFuture.completedFuture(null))); // the client fails the rest
    return found.thenCompose(Function.identity());
  }

  /**
   * Fails what these lanes hold and takes no more; completes when their callbacks were called. Any
   * thread calls it.
   */
  CompletableFuture<Void> abandon(Collection<Lane> lanes, NaruException why) {
    for (var lane : lanes) {
      lane.queue().close();
    }
    loop.execute(() -> {
      lanes.forEach(lane -> settlement.failAll(lane, why));
      active.removeAll(lanes);
      waiting.forget(lanes);
      links.forget(lanes);
    });
    return flush(lanes);
  }

  /**
   * Fails what is left, such as of a producer that another thread is still closing, and gives back
   * what compression holds outside the heap. After the loop has ended, whose place it takes, and
   * before callbacks end.
   */
  public void close() {
    var left = new LinkedHashSet<>(active);
    left.addAll(signalled);
    for (var lane : left) {
      lane.queue().close();
      settlement.failAll(lane, closed());
    }
    dispatch.close();
  }

  private static NaruException closed() {
    return new NaruTimeoutException(
        ErrorCode.DELIVERY_TIMEOUT,
        "Expected an acknowledgement before the client was closed, but there was none");
  }

  private void turn() {
    isTurnDue.set(false);
    for (var lane = signalled.poll(); lane != null; lane = signalled.poll()) {
      lane.heard();
      serve(lane);
    }
    noteSaturation();
  }

  /** After what sends or answers: once no node is saturated, what was filled meanwhile may go. */
  private void noteSaturation() {
    saturation.set(links.anyIsSaturated());
    if (!saturation.isReached()) {
      serveAll(waiting.take(Cause.FILLING));
    }
  }

  /** Sends what may go, and has batches grow where something could not. */
  private void serve(Lane lane) {
    if (lane.isIdle()) {
      active.remove(lane);
      lane.queue().hold(false);
      return;
    }
    active.add(lane);
    sweepSoon();
    lane.queue().hold(!sendsAllThatIsDue(lane));
  }

  private boolean sendsAllThatIsDue(Lane lane) {
    while (departures.hasRoom(lane)) {
      if (!departures.isDue(lane)) {
        return true;
      }
      if (departures.isUnnumbered(lane)) {
        return false;
      }
      var route = route(lane);
      if (route.isEmpty() || !route.get().link().admits(lane)) {
        return false;
      }
      lane.take(loop.nanoTime()).ifPresent(batch -> dispatch.send(lane, batch, route.get()));
    }
    return false;
  }

  /**
   * The way to the leader. Without one the lane is stranded, or its batches fail if there is no
   * hope.
   */
  private Optional<Route> route(Lane lane) {
    if (router.view().topic(lane.name().topic(), lane.id().topic()).isEmpty()) {
      onTopicGone(lane);
      return Optional.empty();
    }
    var route = links.toLeader(lane);
    if (route.isEmpty()) {
      strand(lane);
    }
    return route.isPresent() && leaves(lane, route.get()) ? Optional.empty() : route;
  }

  private void strand(Lane lane) {
    waiting.add(lane, Cause.NO_LEADER);
    lane.waitsFor(
        new Refused(
            ErrorCode.LEADER_NOT_AVAILABLE,
            "Expected a leader of " + lane.name() + ", but none is known"));
    router.refresh();
    long now = loop.nanoTime();
    departures.wake(lane, now + retry.mostNanos(), now); // the answer may have been the old one
  }

  private void onTopicGone(Lane lane) {
    var name = lane.name().topic();
    var why = router.view().whyGone(name, lane.id().topic());
    if (why.isPresent()) {
      settlement.failAll(lane, NaruException.of(why.get()));
    } else {
      router.used(name);
      strand(lane);
    }
  }

  /** Takes back what went to a leader that is no longer, or in an earlier epoch. */
  private boolean leaves(Lane lane, Route current) {
    if (!lane.leave(current)) {
      return false;
    }
    settle(lane);
    return true;
  }

  @Override
  public void onAnswers(NodeLink link, List<ProduceStream.Answer> answers) {
    var lanes = new LinkedHashSet<Lane>();
    for (var answer : answers) {
      var lane = link.answered(answer.requestId());
      if (lane != null) {
        onAnswer(lane, answer);
        lanes.add(lane);
      }
    }
    lanes.forEach(this::settle);
    lanes.forEach(lane -> serveAll(lane.lastSent().takeFollowers()));
    link.serveWaiting(this::serve);
    noteSaturation();
  }

  private void onAnswer(Lane lane, ProduceStream.Answer answer) {
    if (answer.refusal().isPresent()) {
      lane.inFlight()
          .refused(answer.requestId(), answer.refusal().get())
          .ifPresent(answer.isUnappended() ? Batch::refusedUnappended : Batch::mayBeStored);
      answer
          .leader()
          .ifPresent(hint -> router.leaderMoved(lane.name().topic(), lane.id().partition(), hint));
      return;
    }
    lane.inFlight()
        .accepted(answer.requestId())
        .ifPresent(batch -> settlement.acknowledge(lane, batch, answer));
  }

  /** Puts back what came back, and goes on. */
  private void settle(Lane lane) {
    var returned = lane.inFlight().takeReturned();
    if (!returned.isEmpty()) {
      dispatch.nextAttempt();
      settlement.putBack(lane, returned).ifPresent(why -> backOff(lane, why));
    }
    serve(lane);
  }

  /**
   * Waits before the same leader is asked again. Another one, or the same in a later epoch, need
   * not be spared (KIP-951): it has refused nothing yet.
   */
  private void backOff(Lane lane, Refused why) {
    if (links.toLeader(lane).filter(lane::hasNotTried).isPresent()) {
      lane.waitsFor(why);
    } else {
      lane.waitUntil(loop.nanoTime() + retry.waitNanos(lane.failed(why), dice));
      router.refresh();
    }
  }

  @Override
  public void onRoom(NodeLink link) {
    link.serveWaiting(this::serve);
  }

  @Override
  public void onBroken(NodeLink link, Collection<Lane> lanes, Refused why) {
    router.refresh();
    link.waiting().forEach(lane -> lane.waitsFor(why));
    for (var lane : lanes) {
      if (lane.waitsForAnswersOf(link)) { // else it has gone on to another leader
        lane.inFlight().lost(why);
        settle(lane);
      }
    }
    noteSaturation();
  }

  /**
   * A new leader may be there for lanes that have none, and for those that wait for one that is
   * gone.
   */
  private void onViewChanged() {
    serveAll(waiting.take(Cause.NO_LEADER));
    for (var lane : new ArrayList<>(active)) {
      links.toLeader(lane).filter(lane::hasNotTried).ifPresent(next -> turnTo(lane, next));
      serve(lane);
    }
  }

  private void turnTo(Lane lane, Route next) {
    lane.waitUntil(loop.nanoTime());
    leaves(lane, next);
  }

  private void serveAll(Collection<Lane> lanes) {
    lanes.forEach(this::serve);
  }

  private void sweepSoon() {
    if (!isSweeping) {
      isSweeping = true;
      loop.schedule(SWEEP_NANOS, this::sweep);
    }
  }

  /** What no event tells: deadlines that passed, and leaders that fell silent. */
  private void sweep() {
    isSweeping = false;
    long now = loop.nanoTime();
    links.checkSilence(now);
    for (var lane : new ArrayList<>(active)) {
      settlement.expire(lane, now);
      lane.endBatchOlderThan(GROWING_NANOS_MAX, now);
      serve(lane);
    }
  }
}
