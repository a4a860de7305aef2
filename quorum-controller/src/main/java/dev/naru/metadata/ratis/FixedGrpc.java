package dev.naru.metadata.ratis;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;
import org.apache.ratis.server.raftlog.RaftLog;

/**
 * Ratis' gRPC transport with one repair. Ratis 3.3.0 answers a follower that lost the end of its
 * log with heartbeats only, and the follower refuses each of them for ever (RATIS-2523). Here such
 * a refusal moves the leader's next index back to where the follower says its log ends. Ratis makes
 * it by its class name.
 */
public final class FixedGrpc implements RpcType {

  @Override
  public String name() {
    return "GRPC_FIXED";
  }

  @Override
  public RpcFactory newFactory(Parameters parameters) {
    return new GrpcFactory(parameters) {
      @Override
      public LogAppender newLogAppender(
          RaftServer.Division server, LeaderState state, FollowerInfo follower) {
        return new FixedAppender(server, state, follower);
      }
    };
  }

  private static final class FixedAppender extends GrpcLogAppender {

    FixedAppender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
      super(server, state, follower);
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
