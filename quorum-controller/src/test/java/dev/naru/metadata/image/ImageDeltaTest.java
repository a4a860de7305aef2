package dev.naru.metadata.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.DeleteTopic;
import dev.naru.metadata.machine.RandomCommands;
import dev.naru.metadata.machine.TestCluster;
import dev.naru.testing.Seeds;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

class ImageDeltaTest {

  private final TestCluster cluster = TestCluster.of(3);

  @Test
  void namesOnlyThePartitionsThatChanged() {
    cluster.accept(
        new CreateTopic(
            cluster.drawTopicId(), "wide", Optional.of(9), Optional.of(1), TreePMap.empty(), 1));
    var before = cluster.image();

    cluster.fence(2);

    var delta = ImageDelta.between(before, cluster.image());
    assertThat(delta.nodes()).containsExactly(new NodeId(2));
    assertThat(delta.partitions()).hasSize(3);
    assertThat(delta.partitions())
        .allMatch(id -> before.partition(id).orElseThrow().isLedBy(new NodeId(2)));
    assertThat(delta.topicsCreated()).isEmpty();
  }

  @Test
  void mergesSeveralChangesIntoOne() {
    var before = cluster.image();
    var kept = cluster.topic("kept", 3, Map.of());
    var gone = cluster.topic("gone", 3, Map.of());
    var seen = cluster.image();
    cluster.accept(new DeleteTopic(gone.topic()));

    var whole = ImageDelta.between(before, cluster.image());
    var last = ImageDelta.between(seen, cluster.image());

    assertThat(whole.topicsCreated()).containsExactly(kept.topic());
    assertThat(whole.topicsDeleted()).isEmpty();
    assertThat(last.topicsDeleted()).containsExactly(gone.topic());
    assertThat(last.partitions()).containsExactly(gone);
  }

  @Test
  void namesAllPartitionsOfATopicWhoseSettingsChanged() {
    var id = cluster.topic("orders", 3, Map.of());
    var before = cluster.image();
    var topic = before.topic(id.topic()).orElseThrow();
    var after =
        before.withTopic(
            TopicImage.of(
                topic.id(),
                topic.name(),
                topic.createdMillis(),
                TreePMap.singleton("flush", "os"),
                before.defaults(),
                topic.partitions()));

    assertThat(ImageDelta.between(before, after).partitions()).containsExactly(id);
  }

  @Test
  void isEmptyBetweenEqualImages() {
    assertThat(ImageDelta.between(cluster.image(), cluster.image()).isEmpty()).isTrue();
  }

  @Test
  void namesEveryDifferenceAndNothingElse() {
    Seeds.forEach(
        10,
        (seed, random) -> {
          var commands = new RandomCommands(random);
          var before = cluster.image();
          for (int i = 0; i < 300; i++) {
            cluster.apply(commands.next(cluster.image()));
            if (random.nextInt(10) == 0) {
              var after = cluster.image();
              assertNamesDifferences(ImageDelta.between(before, after));
              before = after;
            }
          }
        });
  }

  private static void assertNamesDifferences(ImageDelta delta) {
    var before = delta.before();
    var after = delta.after();
    before.partitionIds().forEach(id -> assertNamedIfDifferent(delta, id));
    after.partitionIds().forEach(id -> assertNamedIfDifferent(delta, id));
    for (var node : after.nodes().values()) {
      assertThat(delta.nodes().contains(node.id()))
          .isEqualTo(!before.node(node.id()).equals(Optional.of(node)));
    }
  }

  private static void assertNamedIfDifferent(ImageDelta delta, PartitionId id) {
    assertThat(delta.partitions().contains(id))
        .isEqualTo(
            !delta.before().partition(id).equals(delta.after().partition(id))
                || !settings(delta.before(), id).equals(settings(delta.after(), id)));
  }

  private static Optional<TopicSettings> settings(ClusterImage image, PartitionId id) {
    return image.topic(id.topic()).map(TopicImage::settings);
  }
}
