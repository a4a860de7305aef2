package dev.naru.metadata.machine;

import static dev.naru.metadata.machine.PartitionClaims.assertInShort;
import static dev.naru.metadata.machine.TestCluster.log;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.ElectLeaders;
import dev.naru.metadata.command.ElectionKind;
import dev.naru.metadata.image.LastStop;
import dev.naru.types.NodeId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The tables of KIP-966 and steps 17 to 19: three replicas, min.insync.replicas 2 unless said. */
class LeaderElectionTest {

  private static final Map<String, String> NONE = Map.of();

  private final TestCluster cluster = TestCluster.of(3);

  @Test
  @Tag("S50")
  void takesTheFirstIsrMemberInReplicaOrderWhenTheLeaderIsFenced() {
    var id = cluster.topicLedBy1(3, NONE);
    var next = cluster.partition(id).replicaNodes().get(1);
    var before = cluster.partition(id);

    cluster.fence(1);

    var after = cluster.partition(id);
    assertThat(after.leader()).contains(next);
    assertThat(after.isr()).containsExactly(new NodeId(2), new NodeId(3));
    assertThat(after.elr()).isEmpty();
    assertThat(after.leaderEpoch()).isEqualTo(before.leaderEpoch().next());
    assertThat(after.partitionEpoch()).isEqualTo(before.partitionEpoch().next());
  }

  @Test
  void keepsTheLeaderEpochWhenOnlyAFollowerIsFenced() {
    var id = cluster.topicLedBy1(3, NONE);
    var before = cluster.partition(id);

    cluster.fence(2);

    assertInShort(cluster.partition(id), "leader 1 isr [1, 3] elr {}");
    assertThat(cluster.partition(id).leaderEpoch()).isEqualTo(before.leaderEpoch());
    assertThat(cluster.partition(id).partitionEpoch()).isEqualTo(before.partitionEpoch().next());
  }

  @Test
  void remembersThoseThatLeaveAnIsrBelowTheMinimum() {
    var id = cluster.topicLedBy1(3, NONE);

    cluster.fence(2);
    cluster.fence(3);

    assertInShort(cluster.partition(id), "leader 1 isr [1] elr {3=unbroken}");
  }

  @Test
  @Tag("S50")
  void electsAnElrMemberThatNeverStoppedAsSoonAsItIsBack() {
    var id = cluster.topicLedBy1(3, NONE);
    cluster.fence(2);
    cluster.fence(3);
    cluster.fence(1);
    assertInShort(cluster.partition(id), "leader none isr [] elr {1=unbroken, 3=unbroken}");

    cluster.unfence(2); // has no place: it left while two others were in sync
    assertInShort(cluster.partition(id), "leader none isr [] elr {1=unbroken, 3=unbroken}");
    cluster.unfence(3);

    assertInShort(cluster.partition(id), "leader 3 isr [3] elr {1=unbroken}");
  }

  @Test
  void raisesTheLeaderEpochAlsoWhenNobodyLeads() {
    var id = cluster.topicLedBy1(1, NONE);
    var before = cluster.partition(id).leaderEpoch();

    cluster.fence(1);

    assertThat(cluster.partition(id).leaderEpoch()).isEqualTo(before.next());
    cluster.unfence(1);
    assertThat(cluster.partition(id).leaderEpoch()).isEqualTo(before.next().next());
  }

  @Test
  void dropsTheElrOnceTheIsrHasTheMinimumAgain() {
    var id = cluster.topicLedBy1(3, NONE);
    cluster.fence(2);
    cluster.fence(3);
    cluster.unfence(2);

    cluster.accept(cluster.proposal(id, 1, 2));

    assertInShort(cluster.partition(id), "leader 1 isr [1, 2] elr {}");
  }

  @Test
  void leadsAgainAfterAFullRestartInWhichAllDiedAtOnce() {
    var id = cluster.topicLedBy1(3, NONE);

    cluster.register(1, LastStop.UNCLEAN);
    assertThat(cluster.partition(id).isr()).containsExactly(new NodeId(2), new NodeId(3));
    cluster.report(1);
    cluster.unfence(1);
    cluster.register(2, LastStop.UNCLEAN);
    cluster.register(3, LastStop.UNCLEAN);
    assertInShort(cluster.partition(id), "leader none isr [] elr {2=awaited, 3=awaited}");
    cluster.report(2, log(2, id, 1, 10));
    cluster.unfence(2);
    assertInShort(cluster.partition(id), "leader none isr [] elr {2=1/10, 3=awaited}");
    cluster.report(3, log(3, id, 1, 12));
    assertThat(cluster.partition(id).hasLeader()).isFalse();
    cluster.unfence(3);

    assertInShort(cluster.partition(id), "leader 3 isr [3] elr {2=1/10}");
  }

  @Test
  void prefersAHigherEpochToAGreaterEnd() {
    var id = cluster.topicLedBy1(3, NONE);
    cluster.register(1, LastStop.UNCLEAN);
    cluster.register(2, LastStop.UNCLEAN);
    cluster.register(3, LastStop.UNCLEAN);

    cluster.report(2, log(2, id, 2, 10));
    cluster.report(3, log(3, id, 1, 99));
    cluster.unfence(3);
    cluster.unfence(2);

    assertInShort(cluster.partition(id), "leader 2 isr [2] elr {3=1/99}");
  }

  @Test
  void doesNotWaitForEverForAMemberThatStaysAway() {
    var id = cluster.topicLedBy1(3, NONE);
    cluster.register(1, LastStop.UNCLEAN);
    cluster.register(2, LastStop.UNCLEAN);
    cluster.fence(3);
    cluster.report(2, log(2, id, 1, 10));
    cluster.unfence(2);
    assertInShort(cluster.partition(id), "leader none isr [] elr {2=1/10, 3=unbroken}");
    assertThat(LeaderElection.isWaiting(cluster.image(), cluster.partition(id))).isTrue();

    cluster.waitIsOver(id);

    assertInShort(cluster.partition(id), "leader 2 isr [2] elr {3=unbroken}");
    assertThat(LeaderElection.isWaiting(cluster.image(), cluster.partition(id))).isFalse();
  }

  @Test
  void waitsForTheFurthestLogAlsoWhileItsNodeIsStillFenced() {
    var id = cluster.topicLedBy1(3, NONE);
    cluster.register(1, LastStop.UNCLEAN);
    cluster.register(2, LastStop.UNCLEAN);
    cluster.register(3, LastStop.UNCLEAN);
    cluster.report(2, log(2, id, 1, 10));
    cluster.report(3, log(3, id, 1, 12));

    cluster.unfence(2);
    assertThat(cluster.partition(id).hasLeader()).isFalse();
    cluster.waitIsOver(id);

    assertInShort(cluster.partition(id), "leader 2 isr [2] elr {3=1/12}");
  }

  @Test
  @Tag("S50")
  void electsNobodyOutsideIsrAndElr() {
    var id = cluster.topicLedBy1(2, Map.of("flush", "os", "min.insync.replicas", "1"));
    int other = cluster.partition(id).replicaNodes().get(1).value();

    cluster.restart(1, log(1, id, 1, 10));
    cluster.restart(other, log(other, id, 1, 10));
    cluster.waitIsOver(id);

    // Both lost their page cache: strict recovery waits, and remembers who knew most.
    assertInShort(cluster.partition(id), "leader none isr [] elr {}");
    assertThat(cluster.partition(id).lastKnown()).containsExactly(new NodeId(other));
  }

  @Test
  void electsTheOnlyReplicaAfterItsNodeCameBack() {
    var id = cluster.topicLedBy1(1, NONE);

    cluster.restart(1, log(1, id, 1, 10));

    assertInShort(cluster.partition(id), "leader 1 isr [1] elr {}");
  }

  @Test
  void givesLeadershipBackToThePreferredReplicaOnlyWhenAskedAndInSync() {
    var id = cluster.topicLedBy1(3, NONE);
    var elect = new ElectLeaders(List.of(id), ElectionKind.PREFERRED);
    cluster.fence(1);
    cluster.unfence(1);

    cluster.accept(elect);
    assertThat(cluster.partition(id).isLedBy(new NodeId(1))).isFalse();
    cluster.accept(cluster.proposal(id, 1, 2, 3));
    assertThat(cluster.partition(id).isLedBy(new NodeId(1))).isFalse();
    cluster.accept(elect);

    assertThat(cluster.partition(id).isLedBy(new NodeId(1))).isTrue();
  }
}
