package dev.naru.metadata.ratis;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.leader.FollowerInfo;

/**
 * When this leader last sent what a majority of the voters has answered: until then nobody else can
 * have led. It counts from the sending, because an answer may have been long on its way. Written by
 * Ratis' threads, read by any.
 */
final class Confirmations {

  /** Of the newest reign, in which Ratis has made a new one for each peer. */
  private final Map<RaftPeerId, FollowerInfo> followers = new ConcurrentHashMap<>();

  /** From now on this is what the leader knows of the peer. */
  void follow(FollowerInfo follower) {
    followers.put(follower.getId(), follower);
  }

  /** This peer answered that it knows of a later term: its answer confirms nothing. */
  void left(FollowerInfo follower) {
    followers.remove(follower.getId(), follower);
  }

  /** So many milliseconds ago, rounded up; empty if a majority never answered. */
  OptionalLong millisAgo(RaftConfiguration members, RaftPeerId self) {
    var now = millisAgo(members.getCurrentPeers(), self);
    var before = millisAgo(members.getPreviousPeers(), self);
    return now.isEmpty() || before.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(now.getAsLong(), before.getAsLong()));
  }

  /** Zero of no voters: there are previous ones only while the members change. */
  private OptionalLong millisAgo(Collection<RaftPeer> voters, RaftPeerId self) {
    return voters.isEmpty()
        ? OptionalLong.of(0)
        : voters.stream()
            .map(voter -> millisAgo(voter.getId(), self))
            .flatMapToLong(OptionalLong::stream)
            .sorted()
            .skip(voters.size() / 2)
            .findFirst();
  }

  private OptionalLong millisAgo(RaftPeerId voter, RaftPeerId self) {
    return voter.equals(self)
        ? OptionalLong.of(0)
        : Optional.ofNullable(followers.get(voter))
            .map(known -> known.getLastRespondedAppendEntriesSendTime().elapsedTimeMs() + 1)
            .map(OptionalLong::of)
            .orElseGet(OptionalLong::empty);
  }
}
