package dev.naru.client.admin;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The metadata quorum as one node sees it.
 *
 * @param controller who leads it; empty when nobody is known to
 * @param committedIndex the newest entry that this node knows to be committed
 * @param members voters, then listeners, each by id
 */
public record QuorumDescription(
    long term, OptionalInt controller, long committedIndex, List<Member> members) {

  /** Keeps its own copy. */
  public QuorumDescription {
    members = List.copyOf(members);
  }

  /**
   * A member of the quorum.
   *
   * @param peerId its id in the Raft group
   * @param raftAddress host:port of its Raft listener, as it joined
   * @param committedIndex up to here it knows the log to be committed, as far as heard
   * @param lag how many entries it is behind by that
   * @param state what its node does now, such as {@code RUNNING}; UNSPECIFIED if it is not
   *     registered
   */
  public record Member(
      int node,
      String peerId,
      String raftAddress,
      boolean isVoter,
      OptionalLong committedIndex,
      OptionalLong lag,
      String state) {}
}
