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
import org.apache.ratis.util.Timestamp;

/**
 * When this leader last sent what a majority of the voters has answered: until then nobody else can
 * have led. It counts from the sending, because an answer may have been long on its way. Written by
 * Ratis' threads, read by any.
 */
final class Confirmations {

  /** Of the newest reign, in which Ratis has made a new one for each peer. */
  private final Map<RaftPeerId, Follower> followers = new ConcurrentHashMap<>();

  /**
   * What the leader knows of a peer.
   *
   * @param begun a time that Ratis gives it before anything was answered
   */
  private record Follower(FollowerInfo info, Timestamp begun) {

    OptionalLong millisAgo() {
      var sent = info.getLastRespondedAppendEntriesSendTime();
      return sent.equals(begun) ? OptionalLong.empty() : OptionalLong.of(sent.elapsedTimeMs() + 1);
    }
  }

  /** From now on this is what the leader knows of the peer, which has answered nothing yet. */
  void follow(FollowerInfo info) {
    followers.put(info.getId(), new Follower(info, info.getLastRespondedAppendEntriesSendTime()));
  }

  /** This peer answered that it knows of a later term: its answers confirm nothing. */
  void unfollow(FollowerInfo info) {
    followers.computeIfPresent(
        info.getId(), (_, known) -> known.info().equals(info) ? null : known);
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
            .skip(voters.size() / 2) // this one and those before it are a majority
            .findFirst();
  }

  private OptionalLong millisAgo(RaftPeerId voter, RaftPeerId self) {
    return voter.equals(self)
        ? OptionalLong.of(0)
        : Optional.ofNullable(followers.get(voter))
            .map(Follower::millisAgo)
            .orElseGet(OptionalLong::empty);
  }
}
