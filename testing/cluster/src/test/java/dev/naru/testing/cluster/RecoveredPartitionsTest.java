package dev.naru.testing.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.ProducerRecord;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.LossRange;
import dev.naru.client.admin.NewTopic;
import dev.naru.client.admin.RecoveryCandidate;
import dev.naru.client.admin.RecoveryPlan;
import dev.naru.types.ErrorCode;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A partition whose one safe replica is gone leads again when an operator says so. */
class RecoveredPartitionsTest {

  private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
  private static final int RECORDS = 20;
  private static final byte[] VALUE = new byte[100];

  private NaruCluster cluster;
  private Topics topics;
  private NaruClient naru;

  @BeforeEach
  void start() {
    cluster = NaruCluster.of(3).start();
    topics = new Topics(cluster);
    naru = NaruClient.builder().bootstrapServers(cluster.bootstrapServers()).build();
  }

  @AfterEach
  void stop() {
    naru.close();
    topics.close();
    cluster.close();
  }

  @Test
  void whatTheSafeReplicaHadMoreIsShownDeclaredAndGone() {
    topics.create("orders", 1, 2);
    produce();
    int safe = topics.leaderOf("orders", 0);
    int other = otherThan(safe);
    leaveAlone(safe, other);
    produce();
    assertRefused(() -> naru.admin().planRecovery(PARTITION).join(), ErrorCode.INVALID_REQUEST);
    cluster.kill(safe);
    cluster.start(other);

    var plan = planOf(other);

    assertThat(plan.best()).hasValue(other);
    assertThat(plan.candidate(safe).orElseThrow().isSafe()).isTrue();
    assertThat(plan.candidate(safe).orElseThrow().whyNot()).isPresent();
    var candidate = plan.candidate(other).orElseThrow();
    assertThat(candidate.end()).isEqualTo(RECORDS);
    assertRefused(
        () -> naru.admin().recover(PARTITION, outOfDate(candidate)).join(),
        ErrorCode.PARTITION_EPOCH_MISMATCH);
    var recovered = naru.admin().recover(PARTITION, candidate).join();
    assertThat(recovered.leader()).isEqualTo(other);
    assertThat(recovered.loss())
        .hasValueSatisfying(loss -> {
          assertThat(loss.from()).isEqualTo(RECORDS);
          assertThat(loss.isExact()).isFalse();
        });
    assertThat(topics.leaderOf("orders", 0)).isEqualTo(other);

    cluster.start(safe);
    topics.awaitIsr("orders", 0, 2);
    produce();
  }

  @Test
  @Tag("S54")
  void theBestReplicaLeadsByItselfWhereThatIsWanted() {
    naru.admin()
        .createTopic(
            NewTopic.named("orders")
                .partitions(1)
                .replicationFactor(2)
                .config("unclean.leader.election.enable", "true"))
        .join();
    topics.awaitServed("orders");
    produce();
    int safe = topics.leaderOf("orders", 0);
    int other = otherThan(safe);
    leaveAlone(safe, other);
    produce();
    cluster.kill(safe);
    cluster.start(other);

    assertThat(topics.leaderOf("orders", 0)).isEqualTo(other);

    cluster.start(safe);
    topics.awaitIsr("orders", 0, 2);
    assertThat(topics.leaderOf("orders", 0)).isEqualTo(other);
  }

  private int otherThan(int safe) {
    return topics.partition("orders", 0).getReplicasList().stream()
        .filter(node -> node != safe)
        .findFirst()
        .orElseThrow();
  }

  private void leaveAlone(int safe, int other) {
    topics.awaitIsr("orders", 0, 2);
    cluster.kill(other);
    topics.awaitIsr("orders", 0, 1);
    assertThat(topics.leaderOf("orders", 0)).isEqualTo(safe);
  }

  private RecoveryPlan planOf(int node) {
    Topics.FAILOVER.until(
        "node " + node + " says what it holds",
        () -> {
          try {
            return naru.admin().planRecovery(PARTITION).join().candidate(node).stream()
                .anyMatch(candidate -> candidate.loss().isPresent());
          } catch (CompletionException e) {
            return false; // the quorum has to find its leader first
          }
        });
    return naru.admin().planRecovery(PARTITION).join();
  }

  /** As it would have been shown before more became known. */
  private static RecoveryCandidate outOfDate(RecoveryCandidate now) {
    var loss = now.loss().orElseThrow();
    return new RecoveryCandidate(
        now.node(),
        now.isSafe(),
        now.whyNot(),
        now.lastEpoch(),
        now.end(),
        now.durableEnd(),
        now.logStart(),
        now.highWatermark(),
        Optional.of(new LossRange(loss.from(), loss.to() + 1, loss.isExact())));
  }

  private static void assertRefused(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .cause()
        .isInstanceOfSatisfying(
            NaruException.class, failure -> assertThat(failure.code()).isEqualTo(code));
  }

  private void produce() {
    try (var producer = naru.producer(Codec.bytes(), Codec.bytes()).build()) {
      IntStream.range(0, RECORDS)
          .mapToObj(i -> producer.send(ProducerRecord.of("orders", new byte[0], VALUE)))
          .toList()
          .forEach(each -> each.join());
    }
  }
}
