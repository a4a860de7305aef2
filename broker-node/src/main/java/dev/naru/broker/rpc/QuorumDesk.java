package dev.naru.broker.rpc;

import dev.naru.metadata.log.QuorumMember;
import dev.naru.metadata.log.VoterChange;
import dev.naru.proto.admin.v1.ChangeVotersRequest;
import dev.naru.proto.admin.v1.Quorum;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** Shows the metadata quorum, and lets the active controller change who votes. */
public final class QuorumDesk {

  private final Supplier<ClusterSnapshot> cluster;
  private final BiFunction<VoterChange, Duration, CompletableFuture<Optional<Refused>>> change;

  /** Changes that go this way, as long as whoever asks waits. */
  public QuorumDesk(
      Supplier<ClusterSnapshot> cluster,
      BiFunction<VoterChange, Duration, CompletableFuture<Optional<Refused>>> change) {
    this.cluster = cluster;
    this.change = change;
  }

  Quorum change(ChangeVotersRequest request) {
    var wanted =
        VoterChangeCodec.decode(
            request.getPromoteList(), request.getDemoteList(), request.getValidateOnly());
    var refused =
        Deadlines.await(
            change.apply(wanted, Duration.ofMillis(Math.max(Deadlines.leftMillis(), 0))),
            fault -> new Refused(ErrorCode.INTERNAL, "Expected other voters, but: " + fault));
    if (refused.isPresent()) {
      throw ErrorStatus.of(refused.get());
    }
    return describe();
  }

  Quorum describe() {
    var now = cluster.get();
    var message =
        Quorum.newBuilder()
            .setTerm(now.quorum().term())
            .setCommittedIndex(now.quorum().committedIndex());
    now.controller().map(NodeId::value).ifPresent(message::setController);
    now.quorum().voters().forEach(member -> message.addMembers(encode(now, member, true)));
    now.quorum().listeners().forEach(member -> message.addMembers(encode(now, member, false)));
    return message.build();
  }

  private static dev.naru.proto.admin.v1.QuorumMember encode(
      ClusterSnapshot now, QuorumMember member, boolean isVoter) {
    var message =
        dev.naru.proto.admin.v1.QuorumMember.newBuilder()
            .setNode(member.node().value())
            .setPeerId(member.peer())
            .setRaftAddress(member.raft().toString())
            .setVoter(isVoter);
    var reached = now.quorum().reached().get(member.peer());
    if (reached != null) {
      message
          .setCommittedIndex(reached)
          .setLag(Math.max(0, now.quorum().committedIndex() - reached));
    }
    now.image()
        .node(member.node())
        .ifPresent(node -> message.setState(NodeAdminService.stateOf(now.image(), node)));
    return message.build();
  }
}
