package dev.naru.broker.rpc;

import static java.util.concurrent.CompletableFuture.supplyAsync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.config.GroupsConfig;
import dev.naru.broker.replica.LedCluster;
import dev.naru.broker.rpc.CoordinatorFinder.Found;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.log.Applied;
import dev.naru.metadata.log.QuorumMember;
import dev.naru.metadata.log.QuorumView;
import dev.naru.metadata.machine.InternalTopics;
import dev.naru.metadata.machine.MetadataMachine;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionEpoch;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoordinatorFinderTest {

  private static final int PARTITIONS = 50;

  private ClusterImage image = LedCluster.of(3, 1, 3);
  private long index = 1;
  private int voters = 3;
  private final List<CreateTopic> made = new ArrayList<>();

  /** What this node has applied may be older than what the controller decides on. */
  private Optional<ClusterImage> seen = Optional.empty();

  private final CoordinatorFinder finder = finder(this::change);

  @Test
  @Tag("S88")
  void makesTheTopicOnceAndLeavesEachGroupWithOneNode() {
    var nodes = new TreeSet<Integer>();
    var numbers = new TreeSet<Integer>();
    for (int i = 0; i < 500; i++) {
      var found = at(finder.find("group-" + i));
      assertThat(at(finder.find("group-" + i))).isEqualTo(found);
      nodes.add(found.node().getNodeId());
      numbers.add(found.partition().partition());
    }

    assertThat(made).hasSize(1);
    assertThat(nodes).containsExactly(1, 2, 3);
    assertThat(numbers).hasSize(PARTITIONS);
    var topic = image.topicNamed(InternalTopics.CONSUMER_OFFSETS).orElseThrow();
    assertThat(topic.replicationFactor()).isEqualTo(3);
    assertThat(topic.partitions()).hasSize(GroupsConfig.DEFAULTS.topicPartitions()).hasSize(50);
    assertThat(topic.configs()).containsEntry("cleanup.policy", "compact");
  }

  @Test
  void namesTheLeaderOfTheGroupsPartition() {
    var found = at(finder.find("billing"));

    var leader = image.partition(found.partition()).orElseThrow().leader().orElseThrow();
    assertThat(found.node().getNodeId()).isEqualTo(leader.value());
    assertThat(found.node().getPort()).isEqualTo(1);
  }

  @Test
  void waitsForTheOtherNodesRatherThanToKeepOneCopy() {
    image = LedCluster.of(1, 1, 1);

    assertThat(why(finder.find("billing")).code()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    assertThat(made).hasSize(1);

    image = LedCluster.of(3, 1, 3);
    assertThat(at(finder.find("billing")).node().getNodeId()).isBetween(1, 3);
  }

  @Test
  void isContentWithOneCopyWhereThereIsOneNode() {
    voters = 1;
    image = LedCluster.of(1, 1, 1);

    assertThat(at(finder.find("billing")).node().getNodeId()).isEqualTo(1);
  }

  @Test
  void takesWhatAnotherNodeMade() {
    var before = image;
    at(finder.find("billing"));
    var after = image;
    made.clear();

    seen = Optional.of(before);
    assertThat(why(finder.find("billing")).code()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    assertThat(made).hasSize(1);

    seen = Optional.of(after);
    at(finder.find("billing"));
    assertThat(made).hasSize(1);
  }

  @Test
  void asksTheControllerOnceAtATime() {
    var meanwhile = new ArrayList<Found>();
    var self = new AtomicReference<CoordinatorFinder>();
    self.set(
        finder(command -> {
          meanwhile.add(supplyAsync(() -> self.get().find("orders")).join());
          return change(command);
        }));

    at(self.get().find("billing"));

    assertThat(why(meanwhile.getFirst()).code()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    assertThat(made).hasSize(1);
    at(self.get().find("orders"));
  }

  @Test
  void saysThatNobodyLeads() {
    var id = at(finder.find("billing")).partition();
    var before = image.partition(id).orElseThrow();
    image =
        image.withPartition(
            id,
            new PartitionImage(
                before.replicas(),
                before.isr(),
                before.elr(),
                before.lastKnown(),
                Optional.empty(),
                new LeaderEpoch(5),
                new PartitionEpoch(9)));

    assertThat(why(finder.find("billing")))
        .isEqualTo(
            new Refused(
                ErrorCode.COORDINATOR_NOT_AVAILABLE,
                "Expected __consumer_offsets/%d to have a leader, but it has none now"
                    .formatted(id.partition())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\tb", "\u0000"})
  @Tag("S132")
  void knowsNoGroupOfSuchAName(String group) {
    assertThat(why(finder.find(group)).code()).isEqualTo(ErrorCode.INVALID_GROUP_ID);
    assertThat(made).isEmpty();
  }

  @Test
  @Tag("S132")
  void takesNamesUpToTheirLongestLength() {
    at(finder.find("a".repeat(249)));
    at(finder.find("\ud55c\uad6d".repeat(41)));

    assertThat(why(finder.find("a".repeat(250))).code()).isEqualTo(ErrorCode.INVALID_GROUP_ID);
    assertThat(why(finder.find("\ud55c\uad6d".repeat(42))).code())
        .isEqualTo(ErrorCode.INVALID_GROUP_ID);
  }

  private CoordinatorFinder finder(Function<CreateTopic, Applied> changes) {
    return new CoordinatorFinder(this::cluster, changes, PARTITIONS, new SplittableRandom(1));
  }

  private ClusterSnapshot cluster() {
    var members =
        IntStream.rangeClosed(1, voters)
            .mapToObj(
                node -> QuorumMember.of(Integer.toString(node), HostPort.parse("127.0.0.1:1")))
            .toList();
    var quorum = new QuorumView(QuorumView.Role.VOTER, 1, Optional.empty(), members, List.of(), 1);
    return new ClusterSnapshot(seen.orElse(image), index, quorum, 0);
  }

  private Applied change(CreateTopic command) {
    made.add(command);
    index++;
    var envelope =
        new CommandEnvelope(new NodeId(1), CommandEnvelope.UNREGISTERED, index, 0, command);
    var decided = MetadataMachine.apply(image, index, envelope);
    image = decided.image();
    return switch (decided.outcome()) {
      case Outcome.Accepted accepted -> new Applied(index, image);
      case Outcome.Refusal refusal -> throw ErrorStatus.of(refusal.why());
      case Outcome.NotAppended notAppended -> throw ErrorStatus.of(notAppended.why());
    };
  }

  private static Found.At at(Found found) {
    assertThat(found).isInstanceOf(Found.At.class);
    return (Found.At) found;
  }

  private static Refused why(Found found) {
    assertThat(found).isInstanceOf(Found.Nowhere.class);
    return ((Found.Nowhere) found).why();
  }
}
