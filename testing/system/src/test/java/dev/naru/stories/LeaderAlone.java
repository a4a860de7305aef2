package dev.naru.stories;

import dev.naru.chaos.host.ChaosCluster;
import dev.naru.chaos.host.Layout;
import dev.naru.chaos.host.ProxyNetwork;
import dev.naru.client.Acks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Four letters are written to one partition of three replicas. After the first, what the leader
 * sends to its followers is held back; the second reaches the leader alone, and then the leader is
 * killed. Once the producer asks for the leader's acknowledgement, and once for all replicas'.
 */
final class LeaderAlone implements Story {

  /** A machine with two cores is slow to answer while three nodes start. */
  private static final String SETTINGS =
      """
      raft.election.timeout.min.ms: 1000
      raft.election.timeout.max.ms: 2000
      """;

  @Override
  public String number() {
    return "A-2";
  }

  @Override
  public String title() {
    return "With acks=1 a record that was acknowledged dies with its leader; with acks=all it does not";
  }

  @Override
  public Verdict play(Path directory, Teller teller) throws IOException {
    var network = new ProxyNetwork();
    try (var cluster =
            ChaosCluster.start(
                directory, Layout.allVote(3), network, Optional.empty(), false, SETTINGS);
        var client = cluster.client()) {
      teller.say("three nodes are up");
      var one = FourLetters.of(cluster, client, teller, Acks.LEADER);
      var all = FourLetters.of(cluster, client, teller, Acks.ALL);
      return new Verdict()
          .expect("acks1_acked", one.acknowledged(), "ABCD")
          .expect("acks1_read", one.read(), "ACD")
          .expect("acks1_set_aside", one.setAside(), "B")
          .expect("acks1_truncations", one.truncations(), "at least 1", times -> times > 0)
          .expect("all_acked_before_kill", all.acknowledgedBeforeTheKill(), "A")
          .expect("all_acked", all.acknowledged(), "ABCD")
          .expect("all_read", all.read(), "ABCD")
          .expect("duplicates", one.duplicates() + all.duplicates(), 0L);
    }
  }
}
