package dev.naru.metadata.ratis;

import dev.naru.metadata.chronicle.Chronicle;
import dev.naru.metadata.chronicle.ClusterEvent;
import dev.naru.metadata.chronicle.Journal;
import dev.naru.metadata.codec.CommandCodec;
import dev.naru.metadata.codec.NewerRulesException;
import dev.naru.metadata.codec.SnapshotCodec;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.log.Applied;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.exceptions.StateMachineException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * The metadata machine inside Ratis.
 *
 * <p>Threads: {@link #applyTransaction}, {@link #notifyTermIndexUpdated}, {@link #takeSnapshot} and
 * {@link #reinitialize} run on Ratis' one apply thread, in log order; {@link #preAppendTransaction}
 * runs under Ratis' lock, in log order; the rest on any thread. So the image has one writer and is
 * read through one volatile reference.
 *
 * <p>Apply never throws for what a command can hold. If it does all the same, that is a bug, and
 * this node must not go on beside the others with another image: it applies nothing more, writes no
 * snapshot, and asks for the end of the process.
 */
final class RatisStateMachine extends BaseStateMachine {

  private static final Logger LOG = LogManager.getLogger(RatisStateMachine.class);

  private final QuorumSeat seat;
  private final ClientId self;
  private final PendingSubmissions pending;
  private final Events events;
  private final SnapshotFiles snapshots = new SnapshotFiles();

  /** Written by the apply thread, read by all. */
  private volatile Applied applied;

  /** Written by the apply thread before {@link #applied}, read by all. */
  private volatile Journal journal = Journal.EMPTY;

  /** The apply thread's own. */
  private boolean broken;

  /** The apply thread's own: the term of the newest entry that names the members. */
  private long configurationTerm;

  /** What the owner of the machine is told, on Ratis' threads: it must only hand on. */
  interface Events {
    void applied();

    void membersWritten();

    void leads(long term);

    void leadsNoLonger();

    void failed(String reason, Throwable cause);

    void divisionClosed();
  }

  RatisStateMachine(QuorumSeat seat, ClientId self, PendingSubmissions pending, Events events) {
    this.seat = seat;
    this.self = self;
    this.pending = pending;
    this.events = events;
    this.applied = new Applied(0, ClusterImage.empty(seat.cluster().toString()));
  }

  Applied applied() {
    return applied;
  }

  Journal journal() {
    return journal;
  }

  // ---- on the leader, before a command stands in the log

  /**
   * Reports through the context: an exception thrown here would leave Ratis' retry cache waiting.
   */
  @Override
  public TransactionContext startTransaction(RaftClientRequest request) {
    var context =
        TransactionContext.newBuilder().setStateMachine(this).setClientRequest(request).build();
    var content = request.getMessage().getContent();
    if (!request.getClientId().equals(self)) {
      context.setException(
          new IOException(
              "Expected a command of this node, but was from " + request.getClientId()));
    } else if (!LoggedCommand.isReadable(content)
        || content.size() > Long.BYTES + CommandCodec.ENCODED_BYTES_MAX) {
      context.setException(
          new IOException(
              "Expected a command of at most "
                  + CommandCodec.ENCODED_BYTES_MAX
                  + " bytes, but was "
                  + content.size()));
    }
    return context;
  }

  /** Refuses what a deposed controller submitted, without making the present one step down. */
  @Override
  public TransactionContext preAppendTransaction(TransactionContext context) throws IOException {
    long submitted = LoggedCommand.decode(context.getStateMachineLogEntry().getLogData()).term();
    long current = getServer().join().getDivision(getGroupId()).getInfo().getCurrentTerm();
    if (submitted != current) {
      throw new StateMachineException(
          "Expected a command of term " + current + ", but was of term " + submitted, null, false);
    }
    pending.aboutToAppend(context.getClientRequest().getCallId());
    return context;
  }

  // ---- on every node, in log order

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext context) {
    LogEntryProto entry = context.getLogEntry();
    try {
      if (!broken) {
        Outcome outcome = apply(entry);
        var logged = entry.getStateMachineLogEntry();
        if (logged.getClientId().equals(self.toByteString())) {
          pending.decided(logged.getCallId(), outcome);
        }
        events.applied();
        return CompletableFuture.completedFuture(Message.EMPTY);
      }
    } catch (RuntimeException | NewerRulesException | Error e) {
      broken = true;
      LOG.error(
          LogCode.NODE_FAILED.marker(),
          "Expected to apply entry {} of the metadata log, but",
          entry.getIndex(),
          e);
      events.failed(
          e instanceof NewerRulesException
              ? String.valueOf(e.getMessage())
              : "Expected to apply entry " + entry.getIndex() + " of the metadata log, but",
          e);
    }
    return CompletableFuture.failedFuture(
        new IllegalStateException(
            "Applies nothing after a fault at or before " + entry.getIndex()));
  }

  private Outcome apply(LogEntryProto entry) throws NewerRulesException {
    var before = applied.image();
    var step = AppliedEntry.of(before, entry, seat.metadataVersionMax());
    journal =
        told(
            journal,
            entry.getIndex(),
            () -> Chronicle.of(before, entry.getIndex(), step.envelope(), step.transition()));
    applied = new Applied(entry.getIndex(), step.transition().image());
    updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
    return step.transition().outcome();
  }

  /**
   * What is told is for people: a fault in it must not keep the node from what it is told of. Nor
   * an error of a class or a stack, which every node would meet alike; one of the machine itself,
   * such as want of memory, stays one.
   */
  static Journal told(Journal known, long index, Supplier<List<ClusterEvent>> chronicle) {
    try {
      return known.with(index, chronicle.get());
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      LOG.error(
          LogCode.INTERNAL_FAULT.marker(),
          "Expected to tell what entry {} of the metadata log changed, but",
          index,
          e);
      return Journal.startingAfter(index);
    }
  }

  /** An entry without a command: the start of a term, a change of the quorum, a note of Ratis. */
  @Override
  public void notifyTermIndexUpdated(long term, long index) {
    if (!broken) {
      journal = journal.through(index);
      applied = new Applied(index, applied.image());
      updateLastAppliedTermIndex(term, index);
      events.applied();
    }
  }

  // ---- snapshots

  @Override
  public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage)
      throws IOException {
    super.initialize(server, group, storage);
    snapshots.open(storage);
    load();
    LogGapException.refuse(storage, getLastAppliedTermIndex().getIndex());
    getLifeCycle().transition(LifeCycle.State.STARTING);
    getLifeCycle().transition(LifeCycle.State.RUNNING);
  }

  /** Before Ratis replaces the snapshot directory; it insists on the state that this leaves. */
  @Override
  public void pause() {
    getLifeCycle().transition(LifeCycle.State.PAUSING);
    getLifeCycle().transition(LifeCycle.State.PAUSED);
  }

  /** After Ratis replaced the snapshot directory by the controller's. */
  @Override
  public void reinitialize() throws IOException {
    load();
    LOG.info("Installed a metadata snapshot up to entry {}", applied.index());
    events.applied();
    getLifeCycle().transition(LifeCycle.State.STARTING);
    getLifeCycle().transition(LifeCycle.State.RUNNING);
  }

  private void load() throws IOException {
    var loaded = snapshots.load(in -> SnapshotCodec.read(in, seat.metadataVersionMax()));
    if (loaded.isPresent()) {
      ClusterImage image = loaded.get().content();
      if (!image.clusterId().equals(seat.cluster().toString())) {
        throw new IOException(
            "Expected a snapshot of cluster "
                + seat.cluster()
                + ", but was of "
                + image.clusterId());
      }
      journal = Journal.startingAfter(loaded.get().at().getIndex());
      applied = new Applied(loaded.get().at().getIndex(), image);
      setLastAppliedTermIndex(loaded.get().at());
    }
  }

  @Override
  public long takeSnapshot() throws IOException {
    if (broken) {
      throw new IOException("Expected a sound image to write, but apply has failed");
    }
    TermIndex at = getLastAppliedTermIndex();
    if (at.getIndex() <= 0) {
      return -1; // in Ratis' words: none
    }
    ClusterImage image = applied.image();
    snapshots.write(at, out -> SnapshotCodec.write(image, out));
    return at.getIndex();
  }

  @Override
  public StateMachineStorage getStateMachineStorage() {
    return snapshots.storage();
  }

  // ---- leadership and faults

  /**
   * A term begins with an entry of its leader that names the members. Ratis has just written it.
   */
  @Override
  public void notifyConfigurationChanged(
      long term, long index, RaftConfigurationProto configuration) {
    configurationTerm = term;
    events.membersWritten();
  }

  /** Comes just after that entry was applied on its leader: all of earlier terms has been, too. */
  @Override
  public void notifyLeaderReady() {
    events.leads(configurationTerm);
  }

  @Override
  public void notifyNotLeader(Collection<TransactionContext> unanswered) {
    events.leadsNoLonger();
  }

  /**
   * Ratis never repairs a failed log: a follower would refuse all entries, a leader would be a
   * zombie.
   */
  @Override
  public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto entry) {
    events.failed("Expected to write the metadata log in " + seat.directory() + ", but", cause);
  }

  @Override
  public void notifyServerShutdown(RoleInfoProto role, boolean allServer) {
    events.divisionClosed();
  }

  // ---- the search for the controller

  /** Ratis lets only a leader answer. */
  @Override
  public CompletableFuture<Message> query(Message request) {
    return CompletableFuture.completedFuture(Message.valueOf(seat.node() + "@" + seat.internal()));
  }

  /** Any node answers, from what it has applied. The inherited one may wait for ever. */
  @Override
  public CompletableFuture<Message> queryStale(Message request, long minIndex) {
    return FormerSelf.answer(request, applied.image())
        .map(CompletableFuture::completedFuture)
        .orElseGet(() ->
            CompletableFuture.failedFuture(
                new IOException("Expected a read at the controller, but was a stale read")));
  }
}
