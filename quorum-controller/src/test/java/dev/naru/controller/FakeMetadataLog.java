package dev.naru.controller;

import dev.naru.metadata.chronicle.Journal;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.log.Applied;
import dev.naru.metadata.log.ImageSubscriber;
import dev.naru.metadata.log.JoinOutcome;
import dev.naru.metadata.log.LeadershipListener;
import dev.naru.metadata.log.MetadataLog;
import dev.naru.metadata.log.OutcomeUnknownException;
import dev.naru.metadata.log.QuorumMember;
import dev.naru.metadata.log.QuorumView;
import dev.naru.metadata.log.VoterChange;
import dev.naru.metadata.machine.MetadataMachine;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** The real machine over a log in memory, which commits at once unless the test holds it back. */
final class FakeMetadataLog implements MetadataLog {

  static final String CLUSTER = "6f0d3c1e-2b0a-4c55-9a77-0c3b3f6f7a10";

  private final NodeId self;
  private final List<MetadataCommand> submitted = new ArrayList<>();
  private final Queue<Held> held = new ArrayDeque<>();
  private Applied applied = new Applied(0, ClusterImage.empty(CLUSTER));
  private Optional<NodeId> controller;
  private boolean commits = true;
  private OptionalLong confirmedMillisAgo = OptionalLong.of(0);
  private List<QuorumMember> voters = List.of();
  private CompletableFuture<Optional<Refused>> answer = new CompletableFuture<>();

  private record Held(CommandEnvelope envelope, CompletableFuture<Outcome> outcome) {}

  FakeMetadataLog(NodeId self) {
    this.self = self;
    this.controller = Optional.of(self);
  }

  /** The cluster was initialized by an older release. */
  void beginsUnder(int metadataVersion) {
    applied = new Applied(0, ClusterImage.empty(CLUSTER).withMetadataVersion(metadataVersion));
  }

  void holdCommits() {
    commits = false;
  }

  void commitAll() {
    commits = true;
    for (var next = held.poll(); next != null; next = held.poll()) {
      commit(next);
    }
  }

  /** The lead passes, and with it goes the knowledge of what was under way. */
  void lead(Optional<NodeId> other) {
    controller = other;
    for (var next = held.poll(); next != null; next = held.poll()) {
      next.outcome()
          .completeExceptionally(
              new OutcomeUnknownException(
                  new Refused(ErrorCode.METADATA_QUORUM_LOST, "Expected to lead, but did not")));
    }
  }

  /** These vote. */
  void votes(NodeId... nodes) {
    voters =
        Stream.of(nodes)
            .map(node -> QuorumMember.of(node.toString(), new HostPort("localhost", 9093)))
            .toList();
  }

  /** Whoever has asked for other voters, or does, is answered. */
  void answerChange(Optional<Refused> refused) {
    answer.complete(refused);
    answer = new CompletableFuture<>();
  }

  void confirmed(OptionalLong millisAgo) {
    confirmedMillisAgo = millisAgo;
  }

  /** What was submitted since the last call. */
  List<MetadataCommand> takeSubmitted() {
    var taken = List.copyOf(submitted);
    submitted.clear();
    return taken;
  }

  @Override
  public CompletableFuture<Outcome> submit(CommandEnvelope envelope) {
    if (quorum().role() != QuorumView.Role.CONTROLLER) {
      return CompletableFuture.completedFuture(
          new Outcome.NotAppended(quorum().whyNotController(self), controller));
    }
    submitted.add(envelope.command());
    var next = new Held(envelope, new CompletableFuture<>());
    if (commits) {
      commit(next);
    } else {
      held.add(next);
    }
    return next.outcome();
  }

  private void commit(Held next) {
    long index = applied.index() + 1;
    var transition = MetadataMachine.apply(applied.image(), index, next.envelope());
    applied = new Applied(index, transition.image());
    next.outcome().complete(transition.outcome());
  }

  @Override
  public Applied applied() {
    return applied;
  }

  @Override
  public Journal journal() {
    return Journal.startingAfter(applied.index());
  }

  @Override
  public QuorumView quorum() {
    var role =
        controller.equals(Optional.of(self)) ? QuorumView.Role.CONTROLLER : QuorumView.Role.VOTER;
    return new QuorumView(role, 1, controller, voters, List.of(), applied.index());
  }

  @Override
  public SortedMap<String, Long> reached() {
    throw new AssertionError("The controller does not ask how far the members are");
  }

  @Override
  public OptionalLong confirmedMillisAgo() {
    return confirmedMillisAgo;
  }

  @Override
  public CompletableFuture<Applied> whenApplied(long index) {
    throw new AssertionError("The controller waits for no index");
  }

  @Override
  public void subscribe(ImageSubscriber subscriber) {
    throw new AssertionError("The controller looks at the image itself");
  }

  @Override
  public void follow(LeadershipListener listener) {
    throw new AssertionError("The loop is told by its inputs");
  }

  @Override
  public CompletableFuture<Optional<Refused>> changeVoters(
      VoterChange change, BooleanSupplier isGivenUp) {
    return answer;
  }

  @Override
  public CompletableFuture<JoinOutcome> join(QuorumMember joiner) {
    throw new AssertionError("The loop adds no members");
  }

  @Override
  public void close() {}
}
