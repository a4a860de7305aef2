package dev.naru.testing.cluster;

import static dev.naru.testing.cluster.RawClient.fetchOf;
import static dev.naru.testing.cluster.RawClient.position;
import static dev.naru.testing.cluster.RawClient.toPartition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.proto.admin.v1.ClusterAdminServiceGrpc;
import dev.naru.proto.admin.v1.CreateTopicRequest;
import dev.naru.proto.admin.v1.DeleteTopicRequest;
import dev.naru.proto.admin.v1.GetClusterRequest;
import dev.naru.proto.admin.v1.ListNodesRequest;
import dev.naru.proto.admin.v1.Node;
import dev.naru.proto.admin.v1.NodeAdminServiceGrpc;
import dev.naru.proto.v1.Acks;
import dev.naru.proto.v1.ErrorCode;
import dev.naru.proto.v1.OffsetQuery;
import dev.naru.testing.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a healthy cluster does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ThreeNodesTest {

  private NaruCluster cluster;
  private Topics topics;

  @BeforeAll
  void start() {
    cluster = NaruCluster.of(3).start();
    topics = new Topics(cluster);
  }

  @AfterAll
  void stop() {
    topics.close();
    cluster.close();
  }

  @Test
  @Tag("S61")
  @Tag("S122")
  void storesWhatWasSentUnderEveryKindOfAcknowledgement() {
    var topic = topics.create("acks", 1, 3);
    var leader = topics.client(topics.leaderOf("acks", 0));

    var none = leader.produce(toPartition(topic, 0, Acks.ACKS_NONE), Batches.of("a"));
    var one = leader.produce(toPartition(topic, 0, Acks.ACKS_LEADER), Batches.of("b"));
    var all = leader.produce(toPartition(topic, 0, Acks.ACKS_ALL), Batches.of("c", "d"));

    assertThat(all.join().getError()).isEqualTo(ErrorCode.ERROR_CODE_NONE);
    assertThat(all.join().getBaseOffset()).isEqualTo(2);
    assertThat(one.join().getBaseOffset()).isEqualTo(1);
    assertThat(none).isNotDone();
    var read = leader.fetch(fetchOf(position(topic, 0, 0))).join();
    assertThat(Batches.values(read)).containsExactly("a", "b", "c", "d");
  }

  @Test
  @Tag("S17")
  void keepsTheOrderOfOneStreamAndAnswersEveryBatch() {
    var topic = topics.create("order", 1, 3);
    var leader = topics.client(topics.leaderOf("order", 0));

    var answers =
        IntStream.range(0, 500)
            .mapToObj(
                i -> leader.produce(toPartition(topic, 0, Acks.ACKS_ALL), Batches.of("v" + i)))
            .toList();

    assertThat(answers)
        .extracting(answer -> answer.join().getBaseOffset())
        .isEqualTo(IntStream.range(0, 500).mapToObj(Long::valueOf).toList());
    var read = leader.fetch(fetchOf(position(topic, 0, 0))).join();
    assertThat(Batches.values(read))
        .isEqualTo(IntStream.range(0, 500).mapToObj(i -> "v" + i).toList());
  }

  @Test
  void waitsForRecordsAndIsWokenByThem() {
    var topic = topics.create("poll", 1, 3);
    var leader = topics.client(topics.leaderOf("poll", 0));

    var waiting = leader.fetch(fetchOf(position(topic, 0, 0)).setMaxWaitMs(20_000));
    leader.produce(toPartition(topic, 0, Acks.ACKS_ALL), Batches.of("late")).join();

    assertThat(Batches.values(waiting.join())).containsExactly("late");
  }

  @Test
  @Tag("S80")
  void answersEmptyHandedWhenTheWaitIsOver() {
    var topic = topics.create("empty", 1, 3);
    var leader = topics.client(topics.leaderOf("empty", 0));

    var answer = leader.fetch(fetchOf(position(topic, 0, 0)).setMaxWaitMs(200)).join();

    assertThat(answer).hasSize(1);
    assertThat(answer.getFirst().header().getLast()).isTrue();
    assertThat(answer.getFirst().header().hasPartition()).isFalse();
  }

  @Test
  @Tag("S80")
  void waitsForAsManyBytesAsTheReaderWants() {
    var topic = topics.create("bytes", 1, 3);
    var leader = topics.client(topics.leaderOf("bytes", 0));
    leader.produce(toPartition(topic, 0, Acks.ACKS_ALL), Batches.ofSize(1_000)).join();

    var waiting =
        leader.fetch(fetchOf(position(topic, 0, 0)).setMinBytes(2_000).setMaxWaitMs(20_000));
    leader.produce(toPartition(topic, 0, Acks.ACKS_ALL), Batches.ofSize(1_000)).join();

    assertThat(Batches.endOf(waiting.join(), 0)).isEqualTo(2);
  }

  @Test
  void boundsAnAnswerButSendsAtLeastOneBatch() {
    var topic = topics.create("bounds", 1, 3);
    var leader = topics.client(topics.leaderOf("bounds", 0));
    for (int i = 0; i < 10; i++) {
      leader.produce(toPartition(topic, 0, Acks.ACKS_ALL), Batches.ofSize(10_000)).join();
    }

    var three = leader.fetch(fetchOf(position(topic, 0, 0)).setMaxBytes(35_000)).join();
    var one = leader.fetch(fetchOf(position(topic, 0, 4)).setMaxBytes(1)).join();
    var two = leader.fetch(fetchOf(position(topic, 0, 0).setMaxBytes(25_000))).join();

    assertThat(Batches.endOf(three, 0)).isEqualTo(3);
    assertThat(Batches.endOf(one, 0)).isEqualTo(5);
    assertThat(Batches.endOf(two, 0)).isEqualTo(2);
  }

  @Test
  void readsManyPartitionsInOneAnswer() {
    var topic = topics.create("many", 12, 1);
    var partitions = topics.topic("many").getPartitionsList();
    int node = partitions.getFirst().getLeader();
    var leader = topics.client(node);
    var mine = partitions.stream().filter(partition -> partition.getLeader() == node).toList();
    mine.forEach(partition ->
        leader
            .produce(
                toPartition(topic, partition.getPartition(), Acks.ACKS_ALL),
                Batches.of("p" + partition.getPartition()))
            .join());

    var request = fetchOf();
    mine.forEach(partition -> request.addPositions(position(topic, partition.getPartition(), 0)));
    var read = leader.fetch(request).join();

    assertThat(Batches.values(read))
        .isEqualTo(mine.stream().map(partition -> "p" + partition.getPartition()).toList());
  }

  @Test
  void findsRecordsByTime() {
    var topic = topics.create("time", 1, 3);
    var leader = topics.client(topics.leaderOf("time", 0));
    leader.produce(toPartition(topic, 0, Acks.ACKS_ALL), Batches.of("a")).join();
    var query = OffsetQuery.newBuilder().setTopicId(topic);

    var found = leader.offset(query.setTimestampMs(1_600_000_000_000L).build());
    var tooYoung = leader.offset(query.setTimestampMs(1_800_000_000_000L).build());

    assertThat(found.getOffset()).isZero();
    assertThat(found.getTimestampMs()).isEqualTo(1_700_000_000_000L);
    assertThat(tooYoung.getError()).isEqualTo(ErrorCode.ERROR_CODE_NONE);
    assertThat(tooYoung.hasOffset()).isFalse();
  }

  @Test
  void forgetsADeletedTopicAndKeepsItsRecordsAside() throws IOException {
    var topic = topics.create("old", 1, 3);
    int node = topics.leaderOf("old", 0);
    var leader = topics.client(node);
    leader.produce(toPartition(topic, 0, Acks.ACKS_ALL), Batches.of("a")).join();

    var _ =
        leader.topics().deleteTopic(DeleteTopicRequest.newBuilder().setName("topics/old").build());
    var gone = leader.produce(toPartition(topic, 0, Acks.ACKS_ALL), Batches.of("b")).join();
    var again = topics.create("old", 1, 3);

    assertThat(gone.getError()).isEqualTo(ErrorCode.ERROR_CODE_TOPIC_NOT_FOUND);
    assertThat(again).isNotEqualTo(topic);
    var lostAndFound = cluster.dataDirectory(node).resolve("lost+found");
    Eventually.allowing("a chore", Duration.ofSeconds(1))
        .until("the log is put aside", () -> Files.isDirectory(lostAndFound));
    var answer = topics.client(topics.leaderOf("old", 0)).fetch(fetchOf(position(again, 0, 0)));
    assertThat(Batches.values(answer.join())).isEmpty();
  }

  @Test
  void createsATopicOnceHoweverOftenTheRequestComes() {
    var request =
        CreateTopicRequest.newBuilder()
            .setTopic("once")
            .setPartitionCount(1)
            .setRequestId("0b7e3a52-51a8-4b0e-9d53-6f6d5e0a7c11")
            .build();

    var first = topics.client(1).topics().createTopic(request);
    var second = topics.client(2).topics().createTopic(request);
    var dry =
        topics
            .client(3)
            .topics()
            .createTopic(
                request.toBuilder().setTopic("dry").clearRequestId().setValidateOnly(true).build());

    assertThat(second.getUid()).isEqualTo(first.getUid());
    assertThat(dry.getPartitionsCount()).isEqualTo(1);
    assertThat(topics.client(3).metadata("dry").getTopics(0).getError())
        .isEqualTo(ErrorCode.ERROR_CODE_TOPIC_NOT_FOUND);
  }

  @Test
  @Tag("S8")
  void describesItself() {
    var cluster =
        ClusterAdminServiceGrpc.newBlockingStub(topics.client().channel())
            .getCluster(GetClusterRequest.getDefaultInstance());
    var nodes =
        NodeAdminServiceGrpc.newBlockingStub(topics.client().channel())
            .listNodes(ListNodesRequest.getDefaultInstance())
            .getNodesList();

    assertThat(cluster.getVotersList()).containsExactlyInAnyOrder(1, 2, 3);
    assertThat(cluster.getLiveNodeCount()).isEqualTo(3);
    assertThat(cluster.hasController()).isTrue();
    assertThat(nodes).extracting(Node::getState).containsOnly(Node.State.STATE_RUNNING);
    assertThat(nodes).filteredOn(Node::getController).hasSize(1);
  }

  /**
   * Followers ask leaders that have not opened their logs yet, and must not wait for an answer for
   * ever.
   */
  @Test
  void replicatesEveryPartitionFromItsFirstMomentOn() {
    int partitions = 60;
    var topic = topics.create("wide", partitions, 3);
    var leaders = topics.topic("wide").getPartitionsList();

    var answers =
        leaders.stream()
            .map(partition ->
                topics
                    .client(partition.getLeader())
                    .produce(
                        toPartition(topic, partition.getPartition(), Acks.ACKS_ALL),
                        Batches.of("first")))
            .toList();

    assertThat(answers)
        .hasSize(partitions)
        .allSatisfy(
            answer -> assertThat(answer.join().getError()).isEqualTo(ErrorCode.ERROR_CODE_NONE));
  }
}
