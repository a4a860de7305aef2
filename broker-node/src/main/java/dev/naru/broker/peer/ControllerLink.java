package dev.naru.broker.peer;

import com.google.protobuf.ByteString;
import dev.naru.broker.rpc.ProtoIds;
import dev.naru.broker.transport.LoopExecutor;
import dev.naru.broker.transport.PeerChannels;
import dev.naru.metadata.codec.CommandCodec;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.image.RecentOutcomes;
import dev.naru.metadata.log.CommandSubmitter;
import dev.naru.metadata.log.Joiner;
import dev.naru.metadata.log.VoterChange;
import dev.naru.proto.internal.v1.ChangeQuorumVotersRequest;
import dev.naru.proto.internal.v1.ControllerServiceGrpc.ControllerServiceStub;
import dev.naru.proto.internal.v1.JoinQuorumRequest;
import dev.naru.proto.internal.v1.JoinQuorumResponse;
import dev.naru.proto.internal.v1.SubmitRequest;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * This node's way to the active controller, which may be this node. A command is stamped once and
 * sent again under the same sequence until its outcome is known, so that it takes effect once,
 * whatever was lost on the way.
 *
 * <p>Threads: one event loop owns the connection and every retry; {@link #submit} may be called by
 * any.
 */
public final class ControllerLink implements CommandSubmitter, AutoCloseable {

  private static final Logger LOG = LogManager.getLogger(ControllerLink.class);

  /**
   * Several elections; then whoever asked is told that the outcome is not known, and why. Less than
   * the 10 s that a client waits for one node's answer, or it would never hear the reason.
   */
  private static final Duration SUBMISSION_MAX = Duration.ofSeconds(8);

  /** Until a new member of the quorum has caught up. */
  private static final Duration JOIN_MAX = Duration.ofSeconds(30);

  /** A step of it takes 40 s at most where it is made, and hears before it who is alive. */
  private static final Duration VOTERS_MAX = Duration.ofSeconds(60);

  private static final Duration RETRY_MIN = Duration.ofMillis(20);
  private static final Duration RETRY_MAX = Duration.ofMillis(500);

  /**
   * Half of what the cluster remembers of one node, so that nothing still retried is ever
   * forgotten.
   */
  private static final int SUBMISSIONS_MAX = RecentOutcomes.REMEMBERED_MAX / 2;

  private final String clusterId;
  private final NodeId self;
  private final ControllerConnection controller;
  private final LoopExecutor loop;
  private final LongSupplier nanoClock;
  private final LongSupplier wallMillis;
  private final AtomicLong nextSequence = new AtomicLong();
  private final AtomicInteger underWay = new AtomicInteger();

  /** Written once the node is registered, read by whoever submits. */
  private volatile NodeEpoch epoch = CommandEnvelope.UNREGISTERED;

  /** Not connected yet. */
  public ControllerLink(
      String clusterId,
      NodeId self,
      ControllerFinder finder,
      PeerChannels channels,
      LoopExecutor loop,
      LongSupplier nanoClock,
      LongSupplier wallMillis) {
    this.clusterId = clusterId;
    this.self = self;
    this.controller = new ControllerConnection(finder, channels, loop);
    this.loop = loop;
    this.nanoClock = nanoClock;
    this.wallMillis = wallMillis;
  }

  static Backoff newBackoff() {
    return new Backoff(RETRY_MIN, RETRY_MAX);
  }

  /** From now on commands are those of a registered node, and remembered. */
  public void registeredAs(NodeEpoch registered) {
    epoch = registered;
  }

  @Override
  public CompletableFuture<Outcome> submit(MetadataCommand command, String principal) {
    return submit(command, principal, Optional.of(SUBMISSION_MAX));
  }

  /**
   * Submits until the outcome is known, however long that takes: for what must not be sent again
   * under another sequence while an earlier copy may still take effect.
   */
  CompletableFuture<Outcome> submitUntilKnown(MetadataCommand command) {
    return submit(command, "", Optional.empty());
  }

  /** Runs this once the time has passed, where all of this link runs. */
  void after(Duration delay, Runnable task) {
    loop.after(delay, task);
  }

  private CompletableFuture<Outcome> submit(
      MetadataCommand command, String principal, Optional<Duration> limit) {
    var reply = new CompletableFuture<Outcome>();
    if (underWay.incrementAndGet() > SUBMISSIONS_MAX) {
      underWay.decrementAndGet();
      reply.complete(new Outcome.NotAppended(TOO_MANY, Optional.empty()));
      return reply;
    }
    var _ = reply.whenComplete((_, _) -> underWay.decrementAndGet());
    byte[] envelope = CommandCodec.encode(stamped(command, principal));
    if (envelope.length > CommandCodec.ENCODED_BYTES_MAX) {
      reply.complete(new Outcome.NotAppended(tooLong(envelope.length), Optional.empty()));
      return reply;
    }
    var submission =
        new Submission(requestFor(envelope), reply, limit, controller, loop, nanoClock);
    loop.execute(submission::tryOnce);
    return reply;
  }

  private static final Refused TOO_MANY =
      new Refused(
          ErrorCode.TOO_MANY_REQUESTS,
          "Expected at most " + SUBMISSIONS_MAX + " commands under way, but there are more");

  /** On the way it would look like a connection that breaks, and be tried again and again. */
  private static Refused tooLong(int bytes) {
    return new Refused(
        ErrorCode.LIMIT_EXCEEDED,
        "Expected a command of at most %d bytes, but was %d"
            .formatted(CommandCodec.ENCODED_BYTES_MAX, bytes));
  }

  private CommandEnvelope stamped(MetadataCommand command, String principal) {
    return new CommandEnvelope(
        self, epoch, nextSequence.getAndIncrement(), wallMillis.getAsLong(), command, principal);
  }

  private SubmitRequest requestFor(byte[] envelope) {
    return SubmitRequest.newBuilder()
        .setClusterId(clusterId)
        .setEnvelope(ByteString.copyFrom(envelope))
        .build();
  }

  /**
   * Makes this node a listener of the metadata quorum, trying until it is one. Completes empty when
   * it is, or with the refusal that no further try will change.
   *
   * @param patience how long a live node may hold this id before it is another one, not the one
   *     that was here before
   */
  public CompletableFuture<Optional<Refused>> joinQuorum(Joiner joiner, Duration patience) {
    var joined = new CompletableFuture<Optional<Refused>>();
    var request =
        JoinQuorumRequest.newBuilder()
            .setClusterId(clusterId)
            .setNodeId(joiner.node().value())
            .setPeerId(joiner.member().peer())
            .setRaftAddress(joiner.member().raft().toString());
    joiner.knownEpoch().ifPresent(epoch -> request.setKnownEpoch(epoch.value()));
    joiner.directories().forEach(id -> request.addDirectoryIds(ProtoIds.uuid(id)));
    long until = nanoClock.getAsLong() + patience.toNanos();
    loop.execute(() -> join(request.build(), joined, newBackoff(), until));
    return joined;
  }

  private void join(
      JoinQuorumRequest request,
      CompletableFuture<Optional<Refused>> joined,
      Backoff backoff,
      long patientUntilNanos) {
    if (joined.isDone() || controller.isClosed()) {
      return;
    }
    Runnable again =
        () -> loop.after(backoff.failed(), () -> join(request, joined, backoff, patientUntilNanos));
    boolean isSent =
        controller.call(
            ControllerServiceStub::joinQuorum,
            request,
            JOIN_MAX,
            (address, response) -> {
              var refused = refusalIn(address, response);
              if (refused.filter(why -> mayStillJoin(why, patientUntilNanos)).isPresent()) {
                again.run();
              } else {
                joined.complete(refused);
              }
            },
            (address, fault) -> {
              LOG.info("Not yet a member of the quorum: {}: {}", address, fault.getMessage());
              again.run();
            });
    if (!isSent) {
      again.run();
    }
  }

  /** A node that just died counts as alive for a while. */
  private boolean mayStillJoin(Refused why, long patientUntilNanos) {
    return why.code().isRetriable()
        || (why.code() == ErrorCode.NODE_ID_IN_USE
            && nanoClock.getAsLong() - patientUntilNanos < 0);
  }

  private Optional<Refused> refusalIn(HostPort address, JoinQuorumResponse response) {
    var refused = refusalIn(address, response.getErrorValue(), response.getErrorMessage());
    refused.ifPresent(
        why -> LOG.info("Not yet a member of the quorum: {}: {}", why.code(), why.reason()));
    return refused;
  }

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

  /**
   * Changes who votes in the metadata quorum. Completes empty when it is so, or with why it is not.
   * Tries again only where there was no active controller to decide, as one that is made twice
   * changes nothing more; what it refuses is told at once. The limit goes with every call: the
   * controller drops what nobody waits for.
   *
   * @param limit how long whoever asked waits, 60 s at most
   */
  public CompletableFuture<Optional<Refused>> changeVoters(VoterChange change, Duration limit) {
    var changed = new CompletableFuture<Optional<Refused>>();
    var request =
        ChangeQuorumVotersRequest.newBuilder()
            .setClusterId(clusterId)
            .setValidateOnly(change.isDryRun());
    change.promoted().forEach(node -> request.addPromote(node.value()));
    change.demoted().forEach(node -> request.addDemote(node.value()));
    long until = nanoClock.getAsLong() + Math.min(limit.toNanos(), VOTERS_MAX.toNanos());
    loop.execute(() -> changeVoters(request.build(), changed, newBackoff(), until));
    return changed;
  }

  private void changeVoters(
      ChangeQuorumVotersRequest request,
      CompletableFuture<Optional<Refused>> changed,
      Backoff backoff,
      long until) {
    if (changed.isDone()) {
      return;
    }
    long left = until - nanoClock.getAsLong();
    if (controller.isClosed() || left <= 0) {
      changed.complete(
          Optional.of(
              new Refused(
                  ErrorCode.METADATA_QUORUM_LOST,
                  "Expected an active controller to change the voters, but none has answered in"
                      + " time; look at naru cluster quorum, it may be so")));
      return;
    }
    Runnable again =
        () -> loop.after(backoff.failed(), () -> changeVoters(request, changed, backoff, until));
    boolean isSent =
        controller.call(
            ControllerServiceStub::changeQuorumVoters,
            request,
            Duration.ofNanos(left),
            (address, response) -> {
              var refused =
                  refusalIn(address, response.getErrorValue(), response.getErrorMessage());
              if (refused.filter(ControllerLink::isUndecided).isPresent()) {
                again.run();
              } else {
                changed.complete(refused);
              }
            },
            (address, fault) -> {
              LOG.info("The voters may not have changed: {}: {}", address, fault.getMessage());
              if (Status.fromThrowable(fault).getCode() == Status.Code.UNIMPLEMENTED) {
                changed.complete(Optional.of(OLD_CONTROLLER));
              } else {
                again.run();
              }
            });
    if (!isSent) {
      again.run();
    }
  }

  private static final Refused OLD_CONTROLLER =
      new Refused(
          ErrorCode.UNSUPPORTED_VERSION,
          "Expected an active controller that can change the voters, but its release cannot:"
              + " upgrade all nodes first");

  /** Whether nobody has judged the change, so that another controller may. */
  private static boolean isUndecided(Refused why) {
    return why.code() == ErrorCode.NOT_LEADER || why.code() == ErrorCode.METADATA_QUORUM_LOST;
  }

  /** Gives up everything that is under way. */
  @Override
  public void close() {
    loop.execute(controller::close);
  }
}
