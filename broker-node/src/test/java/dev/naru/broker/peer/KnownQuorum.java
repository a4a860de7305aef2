package dev.naru.broker.peer;

import dev.naru.metadata.chronicle.Journal;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.NodeEndpoints;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeProfile;
import dev.naru.metadata.image.NodeState;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.log.Applied;
import dev.naru.metadata.log.ImageSubscriber;
import dev.naru.metadata.log.JoinOutcome;
import dev.naru.metadata.log.LeadershipListener;
import dev.naru.metadata.log.MetadataLog;
import dev.naru.metadata.log.QuorumMember;
import dev.naru.metadata.log.QuorumView;
import dev.naru.metadata.log.VoterChange;
import dev.naru.types.HostPort;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.pcollections.TreePMap;

/** A metadata log that only says who is where, and who is the active controller. */
final class KnownQuorum implements MetadataLog {

  private volatile Applied applied = new Applied(1, ClusterImage.empty("cluster"));
  private volatile Optional<NodeId> controller = Optional.empty();

  void controller(NodeId node) {
    controller = Optional.of(node);
  }

  void applied(long index) {
    applied = new Applied(index, applied.image());
  }

  void node(NodeId id, HostPort internal) {
    var node =
        new NodeImage(
            id,
            new NodeEpoch(1),
            new UUID(1, id.value()),
            NodeState.ACTIVE,
            new NodeProfile(
                Optional.empty(),
                new NodeEndpoints(internal, internal, internal, internal),
                id.toString(),
                "test",
                ClusterImage.METADATA_VERSION_LATEST),
            TreePMap.empty(),
            LastStop.CLEAN,
            true,
            Optional.empty());
    applied = new Applied(applied.index(), applied.image().withNode(node));
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
    return new QuorumView(QuorumView.Role.VOTER, 1, controller, List.of(), List.of(), 1);
  }

  @Override
  public SortedMap<String, Long> reached() {
    throw new UnsupportedOperationException();
  }

  @Override
  public OptionalLong confirmedMillisAgo() {
    return OptionalLong.empty();
  }

  @Override
  public CompletableFuture<Outcome> submit(CommandEnvelope envelope) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletableFuture<Applied> whenApplied(long index) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void subscribe(ImageSubscriber subscriber) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void follow(LeadershipListener listener) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletableFuture<Optional<Refused>> changeVoters(
      VoterChange change, BooleanSupplier isGivenUp) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletableFuture<JoinOutcome> join(QuorumMember joiner) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
