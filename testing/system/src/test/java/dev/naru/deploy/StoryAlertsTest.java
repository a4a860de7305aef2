package dev.naru.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.naru.broker.metrics.NodeMeters;
import dev.naru.broker.upkeep.SuspicionNotices;
import dev.naru.controller.ControllerMetric;
import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ImageDelta;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.NodeEndpoints;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeProfile;
import dev.naru.metadata.image.NodeState;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.metadata.liveness.LoadLedger;
import dev.naru.metadata.liveness.TopicLoad;
import dev.naru.metadata.log.Applied;
import dev.naru.metrics.LabelledGauges;
import dev.naru.types.HostPort;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.TopicId;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;
import org.pcollections.TreePVector;

/**
 * That the alerts of two stories fire on what the code of a node shows in them, scrape by scrape,
 * without the nodes: what the controller decides in a story is put in by hand.
 */
class StoryAlertsTest {

  private static final HostPort ADDRESS = HostPort.parse("127.0.0.1:1");
  private static final TopicId SKEWED = TopicId.of(1, 1);

  private final List<NodeMeters> meters =
      IntStream.rangeClosed(1, 4).mapToObj(id -> NodeMeters.create(new NodeId(id))).toList();
  private final LabelledGauges skews = meters.getFirst().gauges(ControllerMetric.PARTITION_SKEW);

  @AfterEach
  void close() {
    meters.forEach(NodeMeters::close);
  }

  private List<String> pages() {
    return meters.stream().map(NodeMeters::page).toList();
  }

  private static void look(Alarm alarm, int times) {
    assumeTrue(Alarm.canTell(), "NOT CHECKED: there is no promtool");
    for (int i = 0; i < times; i++) {
      alarm.look();
    }
  }

  /** node 5 is not scraped, or not believed; the others tell of it. */
  @Test
  void aLeaderThatWouldBeAloneInSyncIsToldOfAtTheNextScrape() {
    var notices = meters.stream().map(SuspicionNotices::new).toList();
    var sound = ClusterImage.empty("cluster");
    for (int id = 1; id <= 5; id++) {
      sound = sound.withNode(node(id, NodeState.ACTIVE));
    }
    become(notices, ClusterImage.empty("cluster"), sound);

    try (var alarm = new Alarm("naru_nodes_suspected", this::pages)) {
      look(alarm, 4);
      assertThat(alarm.firedAfter("NaruIsrShrinkStorm")).isEmpty();

      become(notices, sound, sound.withNode(node(5, NodeState.SUSPECTED)));
      look(alarm, 3);

      assertThat(alarm.firedAfter("NaruIsrShrinkStorm")).contains(Duration.ofSeconds(20));
    }
  }

  private static void become(
      List<SuspicionNotices> notices, ClusterImage before, ClusterImage after) {
    var delta = ImageDelta.between(before, after);
    notices.forEach(each -> each.imageChanged(delta, new Applied(1, after)));
  }

  private static NodeImage node(int id, NodeState state) {
    return new NodeImage(
        new NodeId(id),
        new NodeEpoch(10L * id),
        new UUID(1, id),
        state,
        new NodeProfile(
            Optional.empty(),
            new NodeEndpoints(ADDRESS, ADDRESS, ADDRESS, ADDRESS),
            Integer.toString(id),
            "test",
            ClusterImage.METADATA_VERSION_LATEST),
        TreePMap.empty(),
        LastStop.CLEAN,
        true,
        Optional.empty());
  }

  /** of 20,000 records of 100 bytes a second four fifths have one key, in one of eight. */
  @Test
  void aKeyThatHasMostRecordsIsToldOfWithinHalfAMinute() {
    try (var alarm = new Alarm(ControllerMetric.PARTITION_SKEW.id(), this::pages)) {
      controllerHears(250_000);
      look(alarm, 3);
      controllerHears(1_650_000);
      look(alarm, 5);

      assertThat(alarm.firedAfter("NaruPartitionSkew")).contains(Duration.ofSeconds(30));
    }
  }

  /** So many of 2 million bytes a second come to the busiest partition. */
  private void controllerHears(long busiest) {
    var replicas = TreePVector.singleton(new NodeId(1));
    var partitions =
        Collections.nCopies(
            8, PartitionImage.created(replicas, TreePSet.from(replicas), new NodeId(1)));
    var image =
        ClusterImage.empty("cluster")
            .withTopic(
                TopicImage.of(
                    SKEWED,
                    "skewed",
                    0,
                    TreePMap.empty(),
                    ClusterDefaults.BUILT_IN,
                    TreePVector.from(partitions)));
    var ledger = new LoadLedger();
    ledger.heard(new NodeId(1), List.of(new TopicLoad(SKEWED, 8, 2_000_000, busiest, 3)), 0);
    var now = new HashMap<Tags, Double>();
    ledger.skews(image, 0).forEach(skew -> now.put(Tags.of("topic", skew.topic()), skew.ratio()));
    skews.show(now);
  }
}
