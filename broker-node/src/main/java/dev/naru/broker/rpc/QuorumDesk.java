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
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** Shows the metadata quorum, and lets the active controller change who votes. */
public final class QuorumDesk {

  /** Between two looks whether this node has heard of a change. */
  private static final Duration PAUSE = Duration.ofMillis(20);

  /** Two seconds of them: a node that follows hears of a change within the next heartbeats. */
  static final int LOOKS_MAX = 100;

  /** What the answer needs on its way. */
  private static final long REPLY_MILLIS = 200;

  private final Supplier<ClusterSnapshot> cluster;
  private final Supplier<SortedMap<String, Long>> reached;
  private final BiFunction<VoterChange, Duration, CompletableFuture<Optional<Refused>>> change;
  private final Runnable pause;

  /**
   * Changes that go this way, as long as whoever asks waits.
   *
   * @param reached up to where each peer knows the metadata log to be committed
   */
  public QuorumDesk(
      Supplier<ClusterSnapshot> cluster,
      Supplier<SortedMap<String, Long>> reached,
      BiFunction<VoterChange, Duration, CompletableFuture<Optional<Refused>>> change) {
    this(cluster, reached, change, () -> LockSupport.parkNanos(PAUSE.toNanos()));
  }

  QuorumDesk(
      Supplier<ClusterSnapshot> cluster,
      Supplier<SortedMap<String, Long>> reached,
      BiFunction<VoterChange, Duration, CompletableFuture<Optional<Refused>>> change,
      Runnable pause) {
    this.cluster = cluster;
    this.reached = reached;
    this.change = change;
    this.pause = pause;
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
    if (!wanted.isDryRun()) {
      waitUntilKnownHere(wanted);
    }
    return describe();
  }

  /**
   * The controller has made the change, but the answer shows what this node knows, which may still
   * be the voters of before, or both. A node that does not hear of it in time shows that.
   */
  private void waitUntilKnownHere(VoterChange made) {
    for (int look = 0; look < LOOKS_MAX && !isKnownHere(made); look++) {
      if (Deadlines.leftMillis() <= REPLY_MILLIS) {
        return;
      }
      pause.run();
    }
  }

  private boolean isKnownHere(VoterChange made) {
    var now = cluster.get();
    return made.promoted().stream().allMatch(now::isVoter)
        && made.demoted().stream().noneMatch(now::isVoter);
  }

  Quorum describe() {
    var now = cluster.get();
    var heard = reached.get();
    var message =
        Quorum.newBuilder()
            .setTerm(now.quorum().term())
            .setCommittedIndex(now.quorum().committedIndex());
    now.controller().map(NodeId::value).ifPresent(message::setController);
    now.quorum().voters().forEach(member -> message.addMembers(encode(now, heard, member, true)));
    now.quorum()
        .listeners()
        .forEach(member -> message.addMembers(encode(now, heard, member, false)));
    return message.build();
  }

  private static dev.naru.proto.admin.v1.QuorumMember encode(
      ClusterSnapshot now, SortedMap<String, Long> heard, QuorumMember member, boolean isVoter) {
    var message =
        dev.naru.proto.admin.v1.QuorumMember.newBuilder()
            .setNode(member.node().value())
            .setPeerId(member.peer())
            .setRaftAddress(member.raft().toString())
            .setVoter(isVoter);
    var at = heard.get(member.peer());
    if (at != null) {
      message.setCommittedIndex(at).setLag(Math.max(0, now.quorum().committedIndex() - at));
    }
    now.image()
        .node(member.node())
        .ifPresent(node -> message.setState(NodeAdminService.stateOf(now.image(), node)));
    return message.build();
  }
}
