package dev.naru.metadata.ratis;

import dev.naru.metadata.log.ControllerAddress;
import dev.naru.metadata.log.ControllerLocator;
import dev.naru.types.HostPort;
import dev.naru.types.NodeId;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.retry.RetryPolicies;
import org.apache.ratis.util.TimeDuration;

/**
 * Asks the voters of the configuration, through Ratis' own port, who the active controller is: the
 * leader's state machine answers with its node id and internal address. A client lives for one
 * search.
 */
final class VoterSearch implements ControllerLocator {

  private static final Logger LOG = LogManager.getLogger(VoterSearch.class);

  private static final Message QUESTION = Message.valueOf("controller?");

  /** Several elections; then the caller should say that it waits. */
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static final int TRIES_MAX = 40;

  private static final TimeDuration PAUSE = TimeDuration.valueOf(250, TimeUnit.MILLISECONDS);

  private final QuorumSeat seat;
  private final RatisSettings settings;
  private final Executor chores;

  VoterSearch(QuorumSeat seat, RatisSettings settings, Executor chores) {
    this.seat = seat;
    this.settings = settings;
    this.chores = chores;
  }

  @Override
  public CompletableFuture<ControllerAddress> locate() {
    var voters =
        seat.voters().stream()
            .map(voter -> Members.peer(Members.voterMember(voter), RaftPeerRole.FOLLOWER))
            .toList();
    RaftClient client =
        RaftClient.newBuilder()
            .setProperties(RaftTuning.properties(seat, settings))
            .setRaftGroup(RaftGroup.valueOf(RaftGroupId.valueOf(seat.cluster()), voters))
            .setRetryPolicy(RetryPolicies.retryUpToMaximumCountWithFixedSleep(TRIES_MAX, PAUSE))
            .build();
    return client
        .async()
        .sendReadOnlyUnordered(QUESTION)
        .thenApply(VoterSearch::read)
        .orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
        .whenCompleteAsync((_, _) -> close(client), chores);
  }

  private static ControllerAddress read(RaftClientReply reply) {
    String text = reply.getMessage().getContent().toStringUtf8();
    int at = text.indexOf('@');
    return new ControllerAddress(
        new NodeId(Integer.parseInt(text.substring(0, at))),
        HostPort.parse(text.substring(at + 1)));
  }

  private static void close(RaftClient client) {
    try {
      client.close();
    } catch (IOException e) {
      LOG.debug("Closing the search's client", e);
    }
  }
}
