package dev.naru.testing.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.admin.MetadataQuorum;
import dev.naru.client.admin.NewTopic;
import dev.naru.client.admin.QuorumDescription;
import dev.naru.client.admin.QuorumDescription.Member;
import dev.naru.types.ErrorCode;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The runbook of the same name, on real nodes. */
class DeadVoterTest {

  @Test
  void anotherNodeTakesItsPlaceAndThenTheQuorumCanSpareOneAgain() {
    try (var cluster = NaruCluster.of(4).start();
        var naru = NaruClient.builder().bootstrapServers(cluster.bootstrapServers()).build()) {
      var quorum = naru.admin().quorum();
      int leads = quorum.describe().join().controller().orElseThrow();
      int dead = leads == 1 ? 2 : 1;
      int other = 6 - leads - dead;
      cluster.kill(dead);

      Topics.FAILOVER.until(
          "the active controller, whichever it is by now, says that it stays",
          () -> {
            var now = quorum.describe().join().controller();
            return now.isPresent() && stays(quorum, now.getAsInt());
          });
      Topics.FAILOVER.until(
          "the dead one is known to be, and node 4 to have caught up",
          () ->
              quorum
                  .changeVoters(List.of(4), List.of(dead))
                  .handle((changed, failure) -> failure == null && voters(changed).contains(4))
                  .join());
      Topics.FAILOVER.untilAsserted(
          "the node that is asked has heard of it",
          () -> assertThat(voters(quorum.describe().join())).hasSize(3).doesNotContain(dead));

      cluster.kill(other);

      Topics.FAILOVER.until(
          "what is asked for is decided",
          () ->
              naru.admin()
                  .createTopic(NewTopic.named("after").partitions(1).replicationFactor(2))
                  .handle((topic, failure) -> failure == null || existsAlready(failure))
                  .join());
    }
  }

  /** Nobody takes the place of the one that would decide it; a voter that is alive stays, too. */
  private static boolean stays(MetadataQuorum quorum, int controller) {
    return quorum
        .changeVoters(List.of(), List.of(controller))
        .handle((changed, failure) ->
            failure != null && String.valueOf(failure.getMessage()).contains("active controller"))
        .orTimeout(60, TimeUnit.SECONDS)
        .join();
  }

  /** An attempt before this one was carried out, though nobody has heard so. */
  private static boolean existsAlready(Throwable failure) {
    var cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof NaruException why && why.code() == ErrorCode.TOPIC_ALREADY_EXISTS;
  }

  private static List<Integer> voters(QuorumDescription quorum) {
    return quorum.members().stream().filter(Member::isVoter).map(Member::node).toList();
  }
}
