package dev.naru.metadata.ratis;

import dev.naru.metadata.chronicle.Journal;
import dev.naru.metadata.codec.CommandCodec;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.log.Applied;
import dev.naru.metadata.log.ControllerLocator;
import dev.naru.metadata.log.ImagePublisher;
import dev.naru.metadata.log.ImageSubscriber;
import dev.naru.metadata.log.JoinOutcome;
import dev.naru.metadata.log.LeadershipListener;
import dev.naru.metadata.log.MetadataLog;
import dev.naru.metadata.log.MetadataLogException;
import dev.naru.metadata.log.QuorumMember;
import dev.naru.metadata.log.QuorumView;
import dev.naru.metadata.log.VoterChange;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.apache.ratis.protocol.ClientId;

/**
 * The metadata log on Ratis: one server, one group, one state machine in every node.
 *
 * <p>Ratis replicates and orders; what a command means is decided in apply, on every node alike. Of
 * Ratis' services for clients only the direct submit is used: no retry cache, no confirmed read, no
 * watch.
 *
 * <p>Threads of its own: {@code image} ({@link ImagePublisher}) and {@code quorum} ({@link
 * QuorumChores}). Faults of the log (a failed write, a division that closed by itself, a bug in
 * apply) end the node: a voter that cannot write is worse than one that is gone.
 */
public final class RatisMetadataLog implements MetadataLog {

  private final QuorumSeat seat;
  private final LogRuntime runtime;
  private final MetadataDirectory directory;
  private final PendingSubmissions pending = new PendingSubmissions();
  private final Leadership leadership = new Leadership();
  private final RatisStateMachine machine;
  private final ImagePublisher publisher;
  private final StartEvidence evidence;
  private final RaftNode raft;
  private final QuorumChores chores;
  private final ControllerLocator locator;

  /**
   * Set once Ratis runs, cleared before it is closed on purpose; read by its threads when they
   * report the end. One that could not start is reported by {@link #start} alone.
   */
  private volatile boolean running;

  private RatisMetadataLog(
      QuorumSeat seat, RatisSettings settings, LogRuntime runtime, MetadataDirectory directory)
      throws MetadataLogException {
    this.seat = seat;
    this.runtime = runtime;
    this.directory = directory;
    var self = ClientId.randomId(); // of this process: call ids start over with it
    this.machine = new RatisStateMachine(seat, self, pending, new MachineEvents());
    this.publisher = ImagePublisher.start(machine::applied, runtime.threads(), runtime.fatal());
    RatisMeters.bind(directory.peer(), seat.cluster(), runtime.meters());
    try {
      this.evidence = StartEvidence.of(seat, directory.peer());
      this.raft = startRaft(seat, settings, directory, self, machine, evidence);
    } catch (MetadataLogException e) {
      publisher.close();
      RatisMeters.unbind(directory.peer(), seat.cluster());
      throw e;
    }
    this.running = true;
    this.chores = new QuorumChores(raft, runtime, () -> machine.applied().image().nodes());
    this.locator = new VoterSearch(seat, settings, chores.thread());
    chores.start(settings, this::lookAfterRatis);
    publisher.subscribe((_, _) -> noteApplied());
  }

  /** From here on the node does not start without its log. */
  private static RaftNode startRaft(
      QuorumSeat seat,
      RatisSettings settings,
      MetadataDirectory directory,
      ClientId self,
      RatisStateMachine machine,
      StartEvidence evidence)
      throws MetadataLogException {
    evidence.check();
    var raft = RaftNode.start(seat, settings, directory, self, machine);
    try {
      evidence.check(raft.division().getRaftLog(), machine.applied().index());
      directory.noteJoined();
      return raft;
    } catch (MetadataLogException e) {
      raft.close();
      throw e;
    } catch (IOException e) {
      raft.close();
      throw StartFault.explain(seat, e);
    }
  }

  /**
   * Opens the directory, starts Ratis, and returns when this node takes part; the image may still
   * be old.
   *
   * @throws MetadataLogException when the directory is not this node's, is locked, has lost its log
   *     or holds a damaged one, is new though the cluster knows this node, or when the port is in
   *     use
   */
  public static RatisMetadataLog start(QuorumSeat seat, RatisSettings settings, LogRuntime runtime)
      throws MetadataLogException {
    var directory = MetadataDirectory.open(seat);
    if (directory.isNew()) { // whoever quorum.voters names: a node that was promoted votes too
      FormerSelf.refuse(seat, settings);
    }
    return new RatisMetadataLog(seat, settings, runtime, directory);
  }

  /** This node as the quorum knows it. */
  public QuorumMember self() {
    return Members.self(seat, directory.peer());
  }

  /**
   * Whether this node must ask the active controller to make it a member, at every start: it is no
   * voter of the configuration, or it has come back under a new peer id.
   */
  public boolean mustJoin() {
    return seat.voters().stream()
        .map(Members::voterMember)
        .noneMatch(voter -> voter.peer().equals(directory.peer()));
  }

  /** Finds the active controller without an image. */
  public ControllerLocator locator() {
    return locator;
  }

  @Override
  public CompletableFuture<Outcome> submit(CommandEnvelope envelope) {
    OptionalLong term = leadership.term();
    if (term.isEmpty()) {
      return CompletableFuture.completedFuture(notController());
    }
    byte[] command = CommandCodec.encode(envelope);
    if (command.length > CommandCodec.ENCODED_BYTES_MAX) {
      return CompletableFuture.completedFuture(tooLong(command.length));
    }
    return submit(term.getAsLong(), command);
  }

  /** Under a term that may be over: the log compares it once more. */
  CompletableFuture<Outcome> submit(long term, byte[] command) {
    PendingSubmissions.Ticket ticket = pending.open();
    try {
      var _ =
          raft.submit(ticket.call(), LoggedCommand.encode(term, command))
              .whenComplete((reply, fault) -> {
                if (fault != null || !reply.isSuccess()) {
                  pending.givenUp(ticket.call(), notController());
                }
              });
    } catch (IOException | RuntimeException e) {
      pending.givenUp(ticket.call(), notController());
    }
    return ticket.outcome();
  }

  private Outcome.NotAppended notController() {
    QuorumView quorum = quorum();
    return new Outcome.NotAppended(quorum.whyNotController(seat.node()), quorum.controller());
  }

  private static Outcome tooLong(int bytes) {
    return new Outcome.NotAppended(
        new Refused(
            ErrorCode.LIMIT_EXCEEDED,
            "Expected a command of at most %d bytes, but was %d"
                .formatted(CommandCodec.ENCODED_BYTES_MAX, bytes)),
        Optional.empty());
  }

  @Override
  public Applied applied() {
    return machine.applied();
  }

  @Override
  public Journal journal() {
    return machine.journal();
  }

  @Override
  public CompletableFuture<Applied> whenApplied(long index) {
    return publisher.whenApplied(index);
  }

  @Override
  public void subscribe(ImageSubscriber subscriber) {
    publisher.subscribe(subscriber);
  }

  @Override
  public void follow(LeadershipListener listener) {
    leadership.follow(listener);
  }

  @Override
  public QuorumView quorum() {
    return raft.view();
  }

  @Override
  public SortedMap<String, Long> reached() {
    return raft.reached();
  }

  @Override
  public OptionalLong confirmedMillisAgo() {
    return raft.confirmedMillisAgo();
  }

  @Override
  public CompletableFuture<JoinOutcome> join(QuorumMember joiner) {
    if (leadership.term().isPresent()) {
      return chores.join(joiner);
    }
    QuorumView quorum = quorum();
    return CompletableFuture.completedFuture(
        new JoinOutcome.NotMember(quorum.whyNotController(seat.node()), quorum.controller()));
  }

  @Override
  public CompletableFuture<Optional<Refused>> changeVoters(
      VoterChange change, BooleanSupplier isGivenUp) {
    return leadership.term().isPresent()
        ? chores.changeVoters(change, isGivenUp)
        : CompletableFuture.completedFuture(Optional.of(quorum().whyNotController(seat.node())));
  }

  private void lookAfterRatis() {
    if (quorum().role() == QuorumView.Role.STOPPED) {
      divisionClosed();
    } else {
      stepDownIfAlone();
      note();
    }
  }

  private void stepDownIfAlone() {
    try {
      raft.stepDownIfAlone();
    } catch (IOException closed) {
      // the next look tells
    }
  }

  /** Writes down what the next start is to find, as each look does. */
  void note() {
    try {
      evidence.note(raft.division());
    } catch (IOException closed) {
      // the next look tells
    }
  }

  private void noteApplied() {
    try {
      evidence.noteApplied(raft.division());
    } catch (IOException closed) {
      // nothing is applied any more
    }
  }

  private void divisionClosed() {
    if (running) {
      runtime
          .fatal()
          .end(
              "Expected the metadata log to run, but it closed by itself: its log failed, or this"
                  + " peer id is no member any more",
              new IllegalStateException("The Raft division of " + self() + " closed"));
    }
  }

  /** Whether this node is the active controller. */
  boolean leads() {
    return leadership.term().isPresent();
  }

  /** The first entry that the log still holds; below zero when it holds none. */
  long logStart() throws IOException {
    return raft.division().getRaftLog().getStartIndex();
  }

  /** Writes a snapshot, as the timer does. */
  void snapshotNow() {
    chores.snapshot();
  }

  @Override
  public void close() {
    running = false;
    chores.close();
    note();
    raft.close();
    leadership.leadsNoLonger();
    publisher.close();
    evidence.close();
    RatisMeters.unbind(directory.peer(), seat.cluster());
  }

  private final class MachineEvents implements RatisStateMachine.Events {

    @Override
    public void applied() {
      publisher.signal();
    }

    @Override
    public void membersWritten() {
      evidence.noteMembers();
    }

    @Override
    public void leads(long term) {
      leadership.leads(term);
    }

    @Override
    public void leadsNoLonger() {
      leadership.leadsNoLonger();
    }

    @Override
    public void failed(String reason, Throwable cause) {
      runtime.fatal().end(reason, cause);
    }

    @Override
    public void divisionClosed() {
      RatisMetadataLog.this.divisionClosed();
    }
  }
}
