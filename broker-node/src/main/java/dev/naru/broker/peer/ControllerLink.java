package dev.naru.broker.peer;

import com.google.protobuf.ByteString;
import dev.naru.broker.transport.LoopExecutor;
import dev.naru.broker.transport.PeerChannels;
import dev.naru.metadata.codec.CommandCodec;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.image.RecentOutcomes;
import dev.naru.metadata.log.CommandSubmitter;
import dev.naru.proto.internal.v1.SubmitRequest;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * This node's way to the active controller, which may be this node. A command is stamped once and
 * sent again under the same sequence until its outcome is known, so that it takes effect once,
 * whatever was lost on the way.
 *
 * <p>Threads: one event loop owns the connection and every retry; {@link #submit} may be called by
 * any.
 */
public final class ControllerLink implements CommandSubmitter, AutoCloseable {

  /**
   * Several elections; then whoever asked is told that the outcome is not known, and why. Less than
   * the 10 s that a client waits for one node's answer, or it would never hear the reason.
   */
  private static final Duration SUBMISSION_MAX = Duration.ofSeconds(8);

  private static final Duration RETRY_MIN = Duration.ofMillis(20);
  private static final Duration RETRY_MAX = Duration.ofMillis(500);

  /**
   * Half of what the cluster remembers of one node, so that nothing still retried is ever
   * forgotten.
   */
  private static final int SUBMISSIONS_MAX = RecentOutcomes.REMEMBERED_MAX / 2;

  private static final Refused TOO_MANY =
      new Refused(
          ErrorCode.TOO_MANY_REQUESTS,
          "Expected at most " + SUBMISSIONS_MAX + " commands under way, but there are more");

  private final String clusterId;
  private final NodeId self;
  private final ControllerConnection controller;
  private final QuorumCalls quorum;
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
    this.quorum = new QuorumCalls(clusterId, controller, loop, nanoClock);
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

  /** What is asked over this link about who is in the metadata quorum. */
  public QuorumCalls quorum() {
    return quorum;
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

  /** Gives up everything that is under way. */
  @Override
  public void close() {
    loop.execute(controller::close);
  }
}
