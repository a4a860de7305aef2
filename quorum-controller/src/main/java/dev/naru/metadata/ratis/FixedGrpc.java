package dev.naru.metadata.ratis;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.raftlog.RaftLogIOException;
import org.jspecify.annotations.Nullable;

/**
 * Ratis' gRPC transport with two repairs. Ratis makes it by its class name.
 *
 * <p>Ratis 3.3.0 answers a follower that lost the end of its log with heartbeats only, and the
 * follower refuses each of them for ever (RATIS-2523). Here such a refusal moves the leader's next
 * index back to where the follower says its log ends.
 *
 * <p>A message that names no entry before its own says nothing of what the follower holds. Ratis
 * 3.3.0 lets it commit one entry more than the message brings all the same. So a heartbeat commits
 * the first entry of the log. If a follower's first entry is of a term that no other voter has
 * seen, it can then never come into step: it refuses the leader's first entry, because it has
 * committed its own, and the second, because the leader's first is not there. Here such a message
 * commits no more than it brings.
 *
 * <p>It also keeps what Ratis does not show: until when the voters have confirmed the leader.
 */
public final class FixedGrpc implements RpcType {

  @Override
  public String name() {
    return "GRPC_FIXED";
  }

  @Override
  public RpcFactory newFactory(Parameters parameters) {
    return new Transport(parameters);
  }

  /** What the voters have answered to this server, which was started with this transport. */
  static Confirmations confirmations(RaftServer server) {
    return ((Transport) server.getFactory()).confirmations;
  }

  private static final class Transport extends GrpcFactory {

    private final Confirmations confirmations = new Confirmations();

    Transport(Parameters parameters) {
      super(parameters);
    }

    @Override
    public LogAppender newLogAppender(
        RaftServer.Division server, LeaderState state, FollowerInfo follower) {
      confirmations.follow(follower);
      return new FixedAppender(server, state, follower, confirmations);
    }
  }

  private static final class FixedAppender extends GrpcLogAppender {

    private final Confirmations confirmations;

    FixedAppender(
        RaftServer.Division server,
        LeaderState state,
        FollowerInfo follower,
        Confirmations confirmations) {
      super(server, state, follower);
      this.confirmations = confirmations;
    }

    /** Ratis leaves the leader in its place if the follower was not in step yet. */
    @Override
    public boolean onFollowerTerm(long followerTerm) {
      if (followerTerm > getServer().getInfo().getCurrentTerm()) {
        confirmations.unfollow(getFollower());
      }
      return super.onFollowerTerm(followerTerm);
    }

    @Override
    public @Nullable AppendEntriesRequestProto newAppendEntriesRequest(
        long callId, boolean heartbeat) throws RaftLogIOException {
      var request = super.newAppendEntriesRequest(callId, heartbeat);
      return request == null || request.hasPreviousLog() ? request : committingOnlyItsOwn(request);
    }

    private static AppendEntriesRequestProto committingOnlyItsOwn(
        AppendEntriesRequestProto request) {
      int count = request.getEntriesCount();
      long last = count == 0 ? RaftLog.INVALID_LOG_INDEX : request.getEntries(count - 1).getIndex();
      return request.getLeaderCommit() <= last
          ? request
          : request.toBuilder().setLeaderCommit(last).build();
    }

    @Override
    protected long getNextIndexForInconsistency(long requestFirst, long replyNext) {
      boolean heartbeat = requestFirst == RaftLog.INVALID_LOG_INDEX;
      if (heartbeat && replyNext <= getFollower().getMatchIndex()) {
        return replyNext;
      }
      return super.getNextIndexForInconsistency(requestFirst, replyNext);
    }
  }
}
