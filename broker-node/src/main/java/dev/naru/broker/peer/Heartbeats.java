package dev.naru.broker.peer;

import dev.naru.broker.rpc.ProtoIds;
import dev.naru.broker.transport.LoopExecutor;
import dev.naru.controller.ControllerSettings;
import dev.naru.metadata.liveness.TopicLoad;
import dev.naru.metadata.log.Applied;
import dev.naru.proto.internal.v1.HeartbeatRequest;
import dev.naru.proto.internal.v1.HeartbeatResponse;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Shows the active controller that this node lives: one stream, a message each interval, on a
 * connection of its own so that nothing else holds it up. A stream that breaks, or ends at a node
 * that is not the controller any more, is opened anew at once, for the new one counts from its own
 * beginning. So does one that is not answered: a controller that is paused or cut off breaks no
 * connection, and while this node waits for it its successor finds this node silent.
 *
 * <p>Owned by one event loop; what it learned is read by any thread.
 */
public final class Heartbeats implements AutoCloseable {

  private static final Logger LOG = LogManager.getLogger(Heartbeats.class);

  private static final Duration RETRY_MIN = Duration.ofMillis(20);
  private static final Duration RETRY_MAX = Duration.ofMillis(500);

  /**
   * A third of the liveness timeout without an answer, and the stream is given up. It is looked at
   * with each beat, of which there are two within the timeout at least: so enough of it is left to
   * find the successor, which counts from the end of the election.
   */
  private static final int UNANSWERED_PART = 3;

  /**
   * What the controller last said.
   *
   * @param isHeard whether it has answered under the present epoch at all
   * @param currentNanos when this node's image was last known to be current, on the monotonic clock
   */
  public record Standing(
      boolean isHeard, boolean isFenced, boolean mayShutDown, long currentNanos) {}

  /** What the answer to a beat said was committed, when the image had not come so far. */
  private record Told(long index, long confirmedNanos) {}

  private final PeerNode node;
  private final ControllerFinder finder;
  private final Supplier<Applied> applied;
  private final Supplier<List<TopicLoad>> loads;
  private final LoopExecutor loop;
  private final Duration interval;
  private final long unansweredNanosMax;
  private final LongSupplier nanoClock;
  private final Consumer<Refused> fenced;
  private final CompletableFuture<Void> unfenced = new CompletableFuture<>();
  private final CompletableFuture<Void> mayShutDown = new CompletableFuture<>();

  /** Written by the event loop, read by all. */
  private volatile Standing standing;

  // Owned by the event loop.
  private final Backoff backoff = new Backoff(RETRY_MIN, RETRY_MAX);
  private @Nullable HeartbeatCall call;
  private Optional<Told> ahead = Optional.empty();
  private boolean wantsShutdown;
  private boolean isHurrying;
  private boolean isClosed;

  /**
   * Not beating yet.
   *
   * @param loads what the next beat is to tell of topics
   * @param fenced told when another process has registered under this node's id: this one must stop
   */
  public Heartbeats(
      PeerNode node,
      ControllerFinder finder,
      Supplier<Applied> applied,
      Supplier<List<TopicLoad>> loads,
      LoopExecutor loop,
      ControllerSettings settings,
      LongSupplier nanoClock,
      Consumer<Refused> fenced) {
    this.node = node;
    this.finder = finder;
    this.applied = applied;
    this.loads = loads;
    this.loop = loop;
    this.interval = settings.heartbeatInterval();
    this.unansweredNanosMax = settings.livenessTimeout().toNanos() / UNANSWERED_PART;
    this.nanoClock = nanoClock;
    this.fenced = fenced;
    this.standing = new Standing(false, true, false, nanoClock.getAsLong());
  }

  /** Begins, and goes on until closed. */
  public void start() {
    loop.execute(this::connect);
    loop.after(interval, this::beat);
  }

  /** What the controller last said. */
  public Standing standing() {
    return standing;
  }

  /** Completes when the controller first says that this node serves. */
  public CompletableFuture<Void> unfenced() {
    return unfenced;
  }

  /** Asks to stop; completes when this node leads nothing that another could lead. */
  public CompletableFuture<Void> askToShutDown() {
    loop.execute(() -> {
      wantsShutdown = true;
      send();
    });
    return mayShutDown;
  }

  private void beat() {
    if (!isClosed) {
      leaveIfUnanswered();
      send();
      loop.after(interval, this::beat);
    }
  }

  private void send() {
    var current = call;
    if (current != null) {
      current.send();
    }
  }

  private void leaveIfUnanswered() {
    var current = call;
    if (current != null && current.unansweredNanos() >= unansweredNanosMax) {
      broke(
          current,
          "no answer within "
              + TimeUnit.NANOSECONDS.toMillis(unansweredNanosMax)
              + " ms; it may be paused or cut off");
    }
  }

  private void connect() {
    if (isClosed || call != null) {
      return;
    }
    var address = finder.find();
    if (address.isEmpty()) {
      loop.after(backoff.failed(), this::connect);
      return;
    }
    var opened =
        HeartbeatCall.open(
            address.get(),
            node.open(address.get(), loop),
            loop,
            nanoClock,
            this::beatNow,
            this::received,
            this::broke);
    call = opened;
    opened.send();
  }

  private HeartbeatRequest beatNow() {
    return HeartbeatRequest.newBuilder()
        .setClusterId(node.clusterId())
        .setNodeId(node.self().id().value())
        .setNodeEpoch(node.self().epoch().value())
        .setAppliedIndex(applied.get().index())
        .setWantsShutdown(wantsShutdown)
        .addAllLoads(LoadCodec.encode(loads.get()))
        .build();
  }

  private void received(HeartbeatCall from, HeartbeatResponse response) {
    if (call != from) {
      return; // of a stream that is over
    }
    var code = ProtoIds.code(response.getErrorValue());
    switch (code) {
      case NONE -> heard(response, from.sentNanos());
      case FENCED_NODE_EPOCH, NODE_NOT_FOUND -> {
        isClosed = true;
        fenced.accept(new Refused(code, response.getErrorMessage()));
      }
      case UNKNOWN_NODE_EPOCH ->
          LOG.debug("The controller has not applied this node's registration yet");
      default -> broke(from, code + ": " + response.getErrorMessage());
    }
  }

  private void heard(HeartbeatResponse response, long sentNanos) {
    backoff.succeeded();
    standing =
        new Standing(
            true,
            response.getFenced(),
            response.getMayShutDown(),
            newestNanos(
                currentNanos(
                    response.getCommittedIndex(),
                    sentNanos - TimeUnit.MILLISECONDS.toNanos(response.getConfirmedMillisAgo()))));
    if (!response.getFenced()) {
      unfenced.complete(null);
    }
    if (wantsShutdown && response.getMayShutDown()) {
      mayShutDown.complete(null);
    }
    if (response.getFenced() || (wantsShutdown && !response.getMayShutDown())) {
      hurry();
    }
  }

  /**
   * When the image was last known to be current, now that a beat was answered with this index: when
   * the controller was confirmed, counted back from the sending of the beat, which was before the
   * controller answered. While the log moves on, an answer is always a little ahead of the image:
   * then the image was current at the beat whose index it has reached since.
   */
  private long currentNanos(long committedIndex, long confirmedNanos) {
    var image = applied.get();
    if (image.hasApplied(committedIndex)) {
      ahead = Optional.empty();
      return confirmedNanos;
    }
    var reached = ahead.filter(told -> image.hasApplied(told.index()));
    if (ahead.isEmpty() || reached.isPresent()) {
      ahead = Optional.of(new Told(committedIndex, confirmedNanos));
    }
    return reached.map(Told::confirmedNanos).orElse(standing.currentNanos());
  }

  /** What was known before stays true when a controller comes that is not confirmed as late. */
  private long newestNanos(long currentNanos) {
    return standing.isHeard() && standing.currentNanos() - currentNanos > 0
        ? standing.currentNanos()
        : currentNanos;
  }

  /** While a node waits to serve, or to be let go, each interval would be felt. */
  private void hurry() {
    if (!isHurrying) {
      isHurrying = true;
      loop.after(
          RETRY_MIN,
          () -> {
            isHurrying = false;
            send();
          });
    }
  }

  private void broke(HeartbeatCall broken, String why) {
    if (call != broken) {
      return;
    }
    call = null;
    broken.abort();
    finder.doubt(broken.address());
    if (!isClosed) {
      LOG.info("The heartbeat stream to {} ended: {}", broken.address(), why);
      loop.after(backoff.failed(), this::connect);
    }
  }

  /** Ends the stream: from the controller's side this node is gone. */
  @Override
  public void close() {
    loop.execute(() -> {
      isClosed = true;
      var current = call;
      if (current != null) {
        current.complete();
        broke(current, "closed");
      }
    });
  }
}
