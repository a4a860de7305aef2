package dev.naru.metadata.ratis;

import dev.naru.metadata.log.QuorumMember;
import dev.naru.metadata.log.Voter;
import dev.naru.types.HostPort;
import dev.naru.types.NodeId;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftConfiguration;

/**
 * The voters and listeners of the quorum, always both: Ratis forgets every listener that a change
 * does not name.
 */
record Members(List<QuorumMember> voters, List<QuorumMember> listeners) {

  Members {
    voters = List.copyOf(voters);
    listeners = List.copyOf(listeners);
  }

  static Members of(RaftConfiguration configuration) {
    return new Members(
        members(configuration.getAllPeers(RaftPeerRole.FOLLOWER)),
        members(configuration.getAllPeers(RaftPeerRole.LISTENER)));
  }

  private static List<QuorumMember> members(Collection<RaftPeer> peers) {
    return sorted(
        peers.stream()
            .map(peer ->
                QuorumMember.of(peer.getId().toString(), HostPort.parse(peer.getAddress()))));
  }

  private static List<QuorumMember> sorted(Stream<QuorumMember> members) {
    return members.sorted(Comparator.comparing(QuorumMember::node)).toList();
  }

  /** A voter as the configuration names it: in its first incarnation. */
  static QuorumMember voterMember(Voter voter) {
    return QuorumMember.of(voter.node().toString(), voter.raft());
  }

  static QuorumMember self(QuorumSeat seat, String peer) {
    return new QuorumMember(seat.node(), peer, seat.advertised());
  }

  static RaftPeer peer(QuorumMember member, RaftPeerRole role) {
    return RaftPeer.newBuilder()
        .setId(member.peer())
        .setAddress(member.raft().toString())
        .setStartupRole(role)
        .build();
  }

  List<RaftPeer> voterPeers() {
    return voters.stream().map(member -> peer(member, RaftPeerRole.FOLLOWER)).toList();
  }

  List<RaftPeer> listenerPeers() {
    return listeners.stream().map(member -> peer(member, RaftPeerRole.LISTENER)).toList();
  }

  /**
   * The next step towards the membership of this node; empty when none is left. A node under a new
   * peer id takes the place of its older self, first among the listeners, then, once its log is
   * filled, among the voters.
   */
  Optional<Members> towards(QuorumMember joiner) {
    if (voters.stream().anyMatch(isPeer(joiner))) {
      return Optional.empty();
    }
    if (listeners.stream().noneMatch(isPeer(joiner))) {
      var others = listeners.stream().filter(isOtherNodeThan(joiner));
      return Optional.of(new Members(voters, Stream.concat(others, Stream.of(joiner)).toList()));
    }
    if (voters.stream().allMatch(isOtherNodeThan(joiner))) {
      return Optional.empty();
    }
    return Optional.of(
        new Members(
            Stream.concat(voters.stream().filter(isOtherNodeThan(joiner)), Stream.of(joiner))
                .toList(),
            listeners.stream().filter(isOtherNodeThan(joiner)).toList()));
  }

  /**
   * With these listeners among the voters, and these voters among the listeners. A voter whose node
   * listens under a new peer id only goes.
   */
  Members changed(Collection<NodeId> promoted, Collection<NodeId> demoted) {
    var newVoters = listeners.stream().filter(each -> promoted.contains(each.node()));
    var oldVoters =
        voters.stream()
            .filter(each -> demoted.contains(each.node()))
            .filter(each -> ofNode(listeners, each.node()).isEmpty());
    return new Members(
        sorted(
            Stream.concat(
                voters.stream().filter(each -> !demoted.contains(each.node())), newVoters)),
        sorted(
            Stream.concat(
                listeners.stream().filter(each -> !promoted.contains(each.node())), oldVoters)));
  }

  /** This node's place among them. */
  static Optional<QuorumMember> ofNode(List<QuorumMember> members, NodeId node) {
    return members.stream().filter(member -> member.node().equals(node)).findFirst();
  }

  /**
   * Without those listeners that are no nodes of the cluster and have not been heard for long;
   * empty if there are none. One that is to join is no node yet, but it is heard.
   */
  Optional<Members> withoutRemoved(Set<NodeId> nodes, Set<String> silentPeers) {
    var staying =
        listeners.stream()
            .filter(each -> nodes.contains(each.node()) || !silentPeers.contains(each.peer()))
            .toList();
    return staying.size() == listeners.size()
        ? Optional.empty()
        : Optional.of(new Members(voters, staying));
  }

  /** The address under which this peer is a member, if it is one. */
  Optional<HostPort> addressOf(QuorumMember joiner) {
    return Stream.concat(voters.stream(), listeners.stream())
        .filter(isPeer(joiner))
        .map(QuorumMember::raft)
        .findFirst();
  }

  private static Predicate<QuorumMember> isPeer(QuorumMember joiner) {
    return member -> member.peer().equals(joiner.peer());
  }

  private static Predicate<QuorumMember> isOtherNodeThan(QuorumMember joiner) {
    return member -> !member.node().equals(joiner.node());
  }
}
