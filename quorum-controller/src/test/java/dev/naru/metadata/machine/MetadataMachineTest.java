package dev.naru.metadata.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.DeleteTopic;
import dev.naru.metadata.command.InitializeCluster;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.event.MetadataEvent.ClusterInitialized;
import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.image.RecentOutcomes;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

class MetadataMachineTest {

  private static final NodeId ONE = new NodeId(1);

  private final TestCluster cluster = TestCluster.of(3);

  @Test
  void refusesEverythingBeforeTheClusterIsInitialized() {
    var create = createTopic();
    var envelope = new CommandEnvelope(ONE, CommandEnvelope.UNREGISTERED, 1, 0, create);

    var decision = MetadataMachine.decide(ClusterImage.empty("c"), 1, envelope);

    assertThat(decision)
        .isInstanceOfSatisfying(
            Decision.Refusal.class,
            refusal -> assertThat(refusal.why().code()).isEqualTo(ErrorCode.NODE_STARTING));
  }

  @Test
  void initializesOnce() {
    var defaults = new ClusterDefaults(7, 2, TreePMap.singleton("retention.ms", "2d"));
    var other = new ClusterDefaults(9, 1, TreePMap.empty());

    assertThat(cluster.accept(initialize(other)).events()).isEmpty();
    var image =
        MetadataMachine.apply(
                ClusterImage.empty(TestCluster.CLUSTER_ID),
                1,
                new CommandEnvelope(ONE, CommandEnvelope.UNREGISTERED, 1, 0, initialize(defaults)))
            .image();

    assertThat(image.defaults())
        .isEqualTo(new ClusterDefaults(7, 2, TreePMap.singleton("retention.ms", "172800000")));
  }

  @Test
  void refusesDefaultsThatMakeNoSense() {
    var fresh = ClusterImage.empty(TestCluster.CLUSTER_ID);

    assertThat(code(fresh, new InitializeCluster("other", 1, ClusterDefaults.BUILT_IN)))
        .isEqualTo(ErrorCode.DIRECTORY_MISMATCH);
    assertThat(
            code(fresh, new InitializeCluster(TestCluster.CLUSTER_ID, 0, ClusterDefaults.BUILT_IN)))
        .isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
    assertThat(code(fresh, initialize(new ClusterDefaults(0, 3, TreePMap.empty()))))
        .isEqualTo(ErrorCode.INVALID_CONFIG);
    assertThat(code(fresh, initialize(new ClusterDefaults(1, 0, TreePMap.empty()))))
        .isEqualTo(ErrorCode.INVALID_CONFIG);
    assertThat(
            code(fresh, initialize(new ClusterDefaults(1, 3, TreePMap.singleton("flush", "no")))))
        .isEqualTo(ErrorCode.INVALID_CONFIG);
  }

  @Test
  void appliesACommandThatIsSentTwiceOnce() {
    var create = createTopic();
    var first = cluster.apply(from1(5, create));
    cluster.accept(new DeleteTopic(create.id()));
    var image = cluster.image();

    var again = cluster.apply(from1(5, create));

    assertThat(again.outcome()).isEqualTo(first.outcome());
    assertThat(again.events()).isEmpty();
    assertThat(cluster.image()).isSameAs(image);
  }

  @Test
  void remembersRefusalsToo() {
    var delete = new DeleteTopic(cluster.drawTopicId());
    var first = cluster.apply(from1(5, delete));

    assertThat(first.outcome()).isInstanceOf(Outcome.Refusal.class);
    assertThat(cluster.apply(from1(5, delete)).outcome()).isEqualTo(first.outcome());
  }

  @Test
  void takesCommandsThatOvertookEachOther() {
    cluster.apply(from1(7, createTopic()));
    var late = cluster.apply(from1(6, createTopic()));

    assertThat(late.outcome()).isInstanceOf(Outcome.Accepted.class);
  }

  @Test
  void refusesASequenceWhoseOutcomeItMayHaveForgotten() {
    for (int sequence = 1; sequence <= RecentOutcomes.REMEMBERED_MAX + 1; sequence++) {
      cluster.apply(from1(sequence, new DeleteTopic(cluster.drawTopicId())));
    }

    var forgotten = cluster.apply(from1(1, createTopic())).outcome();
    var known = cluster.apply(from1(2, createTopic())).outcome();

    assertThat(forgotten)
        .isInstanceOfSatisfying(
            Outcome.Refusal.class,
            refusal -> assertThat(refusal.why().code()).isEqualTo(ErrorCode.REQUEST_TIMEOUT));
    assertThat(known)
        .isInstanceOfSatisfying(
            Outcome.Refusal.class,
            refusal -> assertThat(refusal.why().code()).isEqualTo(ErrorCode.TOPIC_NOT_FOUND));
    assertThat(cluster.image().recentOutcomes())
        .hasEntrySatisfying(
            ONE, recent -> assertThat(recent.outcomes()).hasSize(RecentOutcomes.REMEMBERED_MAX));
  }

  @Test
  void forgetsWhatAProcessSubmittedWhenAnotherRegistersInItsPlace() {
    var old = from1(5, createTopic());
    cluster.apply(old);

    cluster.register(1, LastStop.UNCLEAN);

    assertThat(cluster.image().recentOutcomes().get(ONE))
        .isEqualTo(RecentOutcomes.none(cluster.epoch(1)));
    assertThat(cluster.apply(old).outcome())
        .isInstanceOfSatisfying(
            Outcome.Refusal.class,
            refusal -> assertThat(refusal.why().code()).isEqualTo(ErrorCode.FENCED_NODE_EPOCH));
  }

  @Test
  void refusesSubmittersItDoesNotKnowYet() {
    var early = new NodeEpoch(cluster.index() + 50);

    assertThat(cluster.apply(new CommandEnvelope(ONE, early, 1, 0, createTopic())).outcome())
        .isInstanceOfSatisfying(
            Outcome.Refusal.class,
            refusal -> assertThat(refusal.why().code()).isEqualTo(ErrorCode.UNKNOWN_NODE_EPOCH));
  }

  @Test
  void raisesTheMinimumOfTopicsWithTheirClusterDefaultOnlyUpToTheirCopies() {
    var image =
        MetadataMachine.evolve(
            cluster.image(),
            new ClusterInitialized(
                1, new ClusterDefaults(1, 3, TreePMap.singleton("min.insync.replicas", "3"))));
    var create =
        new CreateTopic(
            cluster.drawTopicId(), "orders", Optional.of(1), Optional.of(2), TreePMap.empty(), 1);

    var created =
        MetadataMachine.apply(
                image, 99, new CommandEnvelope(ONE, CommandEnvelope.UNREGISTERED, 1, 0, create))
            .image();

    assertThat(created.topic(create.id()).orElseThrow().settings().minInsync()).isEqualTo(2);
  }

  private CommandEnvelope from1(long sequence, MetadataCommand command) {
    return new CommandEnvelope(ONE, cluster.epoch(1), sequence, 0, command);
  }

  private CreateTopic createTopic() {
    var id = cluster.drawTopicId();
    return new CreateTopic(
        id, "t-" + id.low(), Optional.of(1), Optional.of(1), TreePMap.empty(), 1);
  }

  private static InitializeCluster initialize(ClusterDefaults defaults) {
    return new InitializeCluster(TestCluster.CLUSTER_ID, 1, defaults);
  }

  private static ErrorCode code(ClusterImage image, InitializeCluster command) {
    return switch (MetadataMachine.decide(
        image, 1, new CommandEnvelope(ONE, CommandEnvelope.UNREGISTERED, 1, 0, command))) {
      case Decision.Refusal(var why) -> why.code();
      case Decision.Accepted accepted -> ErrorCode.NONE;
    };
  }
}
