package dev.naru.broker.peer;

import dev.naru.broker.rpc.ProtoIds;
import dev.naru.broker.transport.LoopExecutor;
import dev.naru.metadata.log.Joiner;
import dev.naru.metadata.log.VoterChange;
import dev.naru.proto.internal.v1.ChangeQuorumVotersRequest;
import dev.naru.proto.internal.v1.ChangeQuorumVotersResponse;
import dev.naru.proto.internal.v1.ControllerServiceGrpc.ControllerServiceStub;
import dev.naru.proto.internal.v1.JoinQuorumRequest;
import dev.naru.proto.internal.v1.JoinQuorumResponse;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.Refused;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * What this node asks of the active controller about who is in the metadata quorum. Unlike a
 * command it has no sequence: made twice, it changes nothing more.
 *
 * <p>Threads: the event loop of {@link ControllerLink} owns every call; any thread may ask.
 */
public final class QuorumCalls {

  private static final Logger LOG = LogManager.getLogger(QuorumCalls.class);

  /** Until a new member of the quorum has caught up. */
  private static final Duration JOIN_MAX = Duration.ofSeconds(30);

  /** A step of it takes 40 s at most where it is made, and hears before it who is alive. */
  private static final Duration VOTERS_MAX = Duration.ofSeconds(60);

  private static final Refused NOT_IN_TIME =
      new Refused(
          ErrorCode.METADATA_QUORUM_LOST,
          "Expected an active controller to change the voters, but none has answered in"
              + " time; look at naru cluster quorum, it may be so");

  private static final Refused OLD_CONTROLLER =
      new Refused(
          ErrorCode.UNSUPPORTED_VERSION,
          "Expected an active controller that can change the voters, but its release cannot:"
              + " upgrade all nodes first");

  private final String clusterId;
  private final ControllerConnection controller;
  private final LoopExecutor loop;
  private final LongSupplier nanoClock;

  QuorumCalls(
      String clusterId,
      ControllerConnection controller,
      LoopExecutor loop,
      LongSupplier nanoClock) {
    this.clusterId = clusterId;
    this.controller = controller;
    this.loop = loop;
    this.nanoClock = nanoClock;
  }

  /**
   * Makes this node a listener of the metadata quorum, trying until it is one. Completes empty when
   * it is, or with the refusal that no further try will change.
   *
   * @param patience how long a live node may hold this id, from when this is first heard, before it
   *     is another one, not the one that was here before
   */
  public CompletableFuture<Optional<Refused>> join(Joiner joiner, Duration patience) {
    var request =
        JoinQuorumRequest.newBuilder()
            .setClusterId(clusterId)
            .setNodeId(joiner.node().value())
            .setPeerId(joiner.member().peer())
            .setRaftAddress(joiner.member().raft().toString());
    joiner.knownEpoch().ifPresent(epoch -> request.setKnownEpoch(epoch.value()));
    joiner.directories().forEach(id -> request.addDirectoryIds(ProtoIds.uuid(id)));
    return start(new Joining(request.build(), new IdPatience(patience)));
  }

  /**
   * Changes who votes in the metadata quorum. Completes empty when it is so, or with why it is not.
   * Tries again only where there was no active controller to decide; what it refuses is told at
   * once. The limit goes with every call: the controller drops what nobody waits for.
   *
   * @param limit how long whoever asked waits, 60 s at most
   */
  public CompletableFuture<Optional<Refused>> changeVoters(VoterChange change, Duration limit) {
    var request =
        ChangeQuorumVotersRequest.newBuilder()
            .setClusterId(clusterId)
            .setValidateOnly(change.isDryRun());
    change.promoted().forEach(node -> request.addPromote(node.value()));
    change.demoted().forEach(node -> request.addDemote(node.value()));
    long limitNanos = Math.min(limit.toNanos(), VOTERS_MAX.toNanos());
    return start(new VotersChanging(request.build(), nanoClock.getAsLong() + limitNanos));
  }

  private CompletableFuture<Optional<Refused>> start(Call call) {
    loop.execute(call::tryOnce);
    return call.decided;
  }

  /** What was refused; empty if nothing was. */
  private Optional<Refused> refusalIn(HostPort address, int error, String message) {
    var code = ProtoIds.code(error);
    if (code == ErrorCode.NONE) {
      return Optional.empty();
    }
    if (code == ErrorCode.NOT_LEADER) {
      controller.isElsewhere(address);
    }
    return Optional.of(new Refused(code, message));
  }

  /** One call until it is decided. Owned by the event loop. */
  private abstract class Call {

    final CompletableFuture<Optional<Refused>> decided = new CompletableFuture<>();
    private final Backoff backoff = ControllerLink.newBackoff();

    final void tryOnce() {
      if (decided.isDone()) {
        return; // whoever asked has gone
      }
      var limit = limit();
      if (controller.isClosed() || !limit.isPositive()) {
        giveUp();
      } else if (!send(limit)) {
        again();
      }
    }

    /** How long the next try may take; nothing is left once the time of the call is over. */
    abstract Duration limit();

    /** No further try. */
    abstract void giveUp();

    /** False when no controller is known now. */
    abstract boolean send(Duration limit);

    final void again() {
      loop.after(backoff.failed(), this::tryOnce);
    }
  }

  private final class Joining extends Call {

    private final JoinQuorumRequest request;
    private final IdPatience patience;

    Joining(JoinQuorumRequest request, IdPatience patience) {
      this.request = request;
      this.patience = patience;
    }

    /** There is always another try: without the metadata a node is none. */
    @Override
    Duration limit() {
      return JOIN_MAX;
    }

    /** The node stops, and does not ask what became of it. */
    @Override
    void giveUp() {}

    @Override
    boolean send(Duration limit) {
      return controller.call(
          ControllerServiceStub::joinQuorum, request, limit, this::answered, this::failed);
    }

    private void answered(HostPort address, JoinQuorumResponse response) {
      var refused = refusalIn(address, response.getErrorValue(), response.getErrorMessage());
      refused.ifPresent(
          why -> LOG.info("Not yet a member of the quorum: {}: {}", why.code(), why.reason()));
      if (refused.filter(this::mayStillJoin).isPresent()) {
        again();
      } else {
        decided.complete(refused);
      }
    }

    /** A node that just died counts as alive for a while. */
    private boolean mayStillJoin(Refused why) {
      return why.code().isRetriable()
          || (why.code() == ErrorCode.NODE_ID_IN_USE && patience.lasts(nanoClock.getAsLong()));
    }

    private void failed(HostPort address, Throwable fault) {
      LOG.info("Not yet a member of the quorum: {}: {}", address, fault.getMessage());
      again();
    }
  }

  private final class VotersChanging extends Call {

    private final ChangeQuorumVotersRequest request;
    private final long untilNanos;

    VotersChanging(ChangeQuorumVotersRequest request, long untilNanos) {
      this.request = request;
      this.untilNanos = untilNanos;
    }

    @Override
    Duration limit() {
      return Duration.ofNanos(untilNanos - nanoClock.getAsLong());
    }

    @Override
    void giveUp() {
      decided.complete(Optional.of(NOT_IN_TIME));
    }

    @Override
    boolean send(Duration limit) {
      return controller.call(
          ControllerServiceStub::changeQuorumVoters, request, limit, this::answered, this::failed);
    }

    private void answered(HostPort address, ChangeQuorumVotersResponse response) {
      var refused = refusalIn(address, response.getErrorValue(), response.getErrorMessage());
      if (refused.filter(VotersChanging::isUndecided).isPresent()) {
        again();
      } else {
        decided.complete(refused);
      }
    }

    /** Whether nobody has judged the change, so that another controller may. */
    private static boolean isUndecided(Refused why) {
      return why.code() == ErrorCode.NOT_LEADER || why.code() == ErrorCode.METADATA_QUORUM_LOST;
    }

    private void failed(HostPort address, Throwable fault) {
      LOG.info("The voters may not have changed: {}: {}", address, fault.getMessage());
      if (Status.fromThrowable(fault).getCode() == Status.Code.UNIMPLEMENTED) {
        decided.complete(Optional.of(OLD_CONTROLLER));
      } else {
        again();
      }
    }
  }
}
