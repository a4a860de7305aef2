package dev.naru.client.admin;

import dev.naru.client.transport.AdminCalls;
import dev.naru.proto.admin.v1.ChangeVotersRequest;
import dev.naru.proto.admin.v1.Quorum;
import dev.naru.proto.admin.v1.QuorumMember;
import java.util.Collection;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** Who votes on the cluster's metadata. Any thread may call it; futures are as {@link Admin}'s. */
public final class MetadataQuorum {

  private static final String STATE = "STATE_";

  private final Admin admin;
  private final AdminCalls calls;

  MetadataQuorum(Admin admin, AdminCalls calls) {
    this.admin = admin;
    this.calls = calls;
  }

  /** The quorum as the asked node sees it. */
  public CompletableFuture<QuorumDescription> describe() {
    return admin.answer(calls.getQuorum(), MetadataQuorum::description);
  }

  /**
   * Makes listeners voters, voters that are stopped listeners, or lets some take the place of
   * others in one step. Fails with {@code INVALID_REQUEST} if the voters would not be 1, 3 or 5, if
   * a majority of them would not be alive after it, or if who is to listen is alive, with {@code
   * INELIGIBLE_REPLICA} if who is to vote is silent, does not serve or has not caught up, and with
   * {@code NODE_NOT_FOUND} for a node that is no member. Then nothing has changed, unless one voter
   * was to become three or five, which takes several steps: the message says then who votes by now.
   * After {@code REQUEST_TIMEOUT} look at {@link #describe}: it may be so, or a part of it. What is
   * so already stays so. Takes up to a minute.
   *
   * @param promote who is to vote, at most five
   * @param demote who is to listen only, at most five; their nodes must be stopped
   */
  public CompletableFuture<QuorumDescription> changeVoters(
      Collection<Integer> promote, Collection<Integer> demote) {
    return changeVoters(promote, demote, false);
  }

  /** Says whether that would be refused. Changes nothing. */
  public CompletableFuture<QuorumDescription> validateVoters(
      Collection<Integer> promote, Collection<Integer> demote) {
    return changeVoters(promote, demote, true);
  }

  private CompletableFuture<QuorumDescription> changeVoters(
      Collection<Integer> promote, Collection<Integer> demote, boolean isDryRun) {
    var request =
        ChangeVotersRequest.newBuilder()
            .addAllPromote(promote)
            .addAllDemote(demote)
            .setValidateOnly(isDryRun)
            .build();
    return admin.answer(calls.changeVoters(request), MetadataQuorum::description);
  }

  private static QuorumDescription description(Quorum quorum) {
    return new QuorumDescription(
        quorum.getTerm(),
        quorum.hasController() ? OptionalInt.of(quorum.getController()) : OptionalInt.empty(),
        quorum.getCommittedIndex(),
        quorum.getMembersList().stream().map(MetadataQuorum::member).toList());
  }

  private static QuorumDescription.Member member(QuorumMember member) {
    var state = member.getState().name();
    return new QuorumDescription.Member(
        member.getNode(),
        member.getPeerId(),
        member.getRaftAddress(),
        member.getVoter(),
        member.hasCommittedIndex()
            ? OptionalLong.of(member.getCommittedIndex())
            : OptionalLong.empty(),
        member.hasLag() ? OptionalLong.of(member.getLag()) : OptionalLong.empty(),
        state.startsWith(STATE) ? state.substring(STATE.length()) : state);
  }
}
