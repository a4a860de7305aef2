package dev.naru.testing.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.NaruClient;
import dev.naru.client.admin.NewTopic;
import dev.naru.client.admin.QuorumDescription;
import dev.naru.client.admin.QuorumDescription.Member;
import java.time.Duration;
import java.util.List;
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

      assertThat(quorum.changeVoters(List.of(), List.of(leads)))
          .failsWithin(Duration.ofSeconds(60))
          .withThrowableThat()
          .withMessageContaining("active controller");
      Topics.FAILOVER.until(
          "the dead one is known to be, and node 4 to have caught up",
          () ->
              quorum
                  .changeVoters(List.of(4), List.of(dead))
                  .handle((changed, failure) -> failure == null && voters(changed).contains(4))
                  .join());
      assertThat(voters(quorum.describe().join())).hasSize(3).doesNotContain(dead);

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

  private static boolean existsAlready(Throwable failure) {
    return String.valueOf(failure.getMessage()).contains("TOPIC_ALREADY_EXISTS");
  }

  private static List<Integer> voters(QuorumDescription quorum) {
    return quorum.members().stream().filter(Member::isVoter).map(Member::node).toList();
  }
}
