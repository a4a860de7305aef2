package dev.naru.metadata.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.metadata.command.AlterConfigs;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.DeleteTopic;
import dev.naru.metadata.command.DrainNode;
import dev.naru.metadata.command.Placement;
import dev.naru.metadata.command.ReassignPartitions;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ConfigOrigin;
import dev.naru.metadata.image.DeclaredLoss;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.LogEnd;
import dev.naru.metadata.image.LossCause;
import dev.naru.metadata.image.Losses;
import dev.naru.metadata.image.OffsetRange;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.machine.RandomCommands;
import dev.naru.metadata.machine.TestCluster;
import dev.naru.testing.Golden;
import dev.naru.testing.Seeds;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

class SnapshotCodecTest {

  @Test
  void readsWhatItWroteOfAnyImage() {
    Seeds.forEach(
        20,
        (seed, random) -> {
          var commands = new RandomCommands(random);
          var cluster = TestCluster.of(3);
          for (int i = 0; i < 300; i++) {
            cluster.apply(commands.next(cluster.image()));
          }

          assertThat(read(write(cluster.image()))).isEqualTo(cluster.image());
        });
  }

  @Test
  void readsAllThatItWroteOfALoss() throws IOException {
    var cluster = TestCluster.of(3);
    var id = cluster.topicLedBy1(3, Map.of());
    var loss =
        new DeclaredLoss(
            new LeaderEpoch(1),
            new LogEnd(Optional.of(new LeaderEpoch(0)), 40),
            10,
            new OffsetRange(30, 50),
            Optional.of(new OffsetRange(10, 20)),
            false,
            TreePSet.singleton(new NodeId(2)),
            TreePSet.singleton(new NodeId(3)),
            LossCause.OPERATOR);
    var entry = cluster.partition(id);
    var with =
        new PartitionImage(
            entry.replicas(),
            entry.isr(),
            entry.elr(),
            entry.lastKnown(),
            entry.leader(),
            entry.leaderEpoch(),
            entry.partitionEpoch(),
            Losses.NONE.with(loss));
    var image = cluster.image().withPartition(id, with);

    assertThat(read(write(image))).isEqualTo(image);
  }

  @Test
  void readsWhoPutTheRulesIntoForce() throws IOException {
    assertThat(read(write(eventful()))).isEqualTo(eventful());
  }

  @Test
  void readsTheImageBeforeTheFirstCommand() throws IOException {
    var empty = ClusterImage.empty("c");

    assertThat(read(write(empty))).isEqualTo(empty);
  }

  @Test
  void writesTheSameBytesInEveryRelease() throws IOException {
    Golden.of(SnapshotCodecTest.class).assertBytes("snapshot.hex", write(eventful()));
  }

  @Test
  void tellsImagesApartByTheirHash() {
    var cluster = TestCluster.of(3);
    var before = SnapshotCodec.stateHash(cluster.image());

    cluster.fence(2);

    assertThat(before).hasSize(64);
    assertThat(SnapshotCodec.stateHash(cluster.image())).isNotEqualTo(before);
  }

  @Test
  void noticesEveryDamagedByte() throws IOException {
    byte[] whole = write(eventful());
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      assertThatThrownBy(() -> read(damaged)).as("byte %d", at).isInstanceOf(IOException.class);
    }
  }

  @Test
  void noticesAMissingOrSurplusEnd() throws IOException {
    byte[] whole = write(eventful());
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> read(cut)).as("%d bytes", length).isInstanceOf(IOException.class);
    }
    byte[] longer = Arrays.copyOf(whole, whole.length + 1);
    assertThatThrownBy(() -> read(longer)).isInstanceOf(IOException.class);
  }

  /** It is sound, and whoever reads it must not say that it is damaged. */
  @Test
  void tellsAnOlderReleaseThatTheRulesAreNewer() throws IOException {
    byte[] written = write(eventful());

    assertThatThrownBy(() -> SnapshotCodec.read(new ByteArrayInputStream(written), 1))
        .isInstanceOf(NewerRulesException.class)
        .hasMessageContaining("metadata version 2 is in force")
        .hasMessageContaining("start this node with the newer release");
  }

  @Test
  void readsWhatIsUnderOlderRules() throws IOException {
    var older = TestCluster.of(2).image().withMetadataVersion(1);

    assertThat(SnapshotCodec.read(new ByteArrayInputStream(write(older)), 1)).isEqualTo(older);
    assertThat(read(write(older))).isEqualTo(older);
  }

  /** An image that has something of everything. */
  private static ClusterImage eventful() {
    var cluster = TestCluster.of(2);
    cluster.start(4);
    moveFrom1To4(cluster);
    cluster.registerInRack(3, "rack-3");
    cluster.topic("plain", 2, Map.of());
    var id = cluster.topicLedBy1(3, Map.of("retention.ms", "7d", "min.insync.replicas", "3"));
    cluster.accept(new DeleteTopic(cluster.topic("gone", 1, Map.of()).topic()));
    cluster.register(2, LastStop.CLEAN);
    cluster.report(2, TestCluster.log(2, id, 1, 5));
    cluster.fence(3);
    cluster.beginShutdown(1);
    cluster.register(3, LastStop.UNCLEAN);
    cluster.accept(
        set(
            Optional.empty(),
            TreePMap.singleton("durability", "balanced").plus("flush", "quorum")));
    cluster.accept(
        set(Optional.of(new NodeId(2)), TreePMap.singleton("disk.used.ratio.max", "0.9")));
    return cluster
        .image()
        .finalized(
            ClusterImage.METADATA_VERSION_LATEST, new ConfigOrigin(99, 1_099, "ann@10.0.0.7"));
  }

  private static AlterConfigs set(Optional<NodeId> node, TreePMap<String, String> values) {
    return new AlterConfigs(node, values, TreePSet.empty(), Optional.empty(), "ann@10.0.0.7");
  }

  /** More than may move at a time, and the node that they go to is drained since. */
  private static void moveFrom1To4(TestCluster cluster) {
    var topic = cluster.drawTopicId();
    cluster.accept(
        new CreateTopic(
            topic, "moved", Optional.of(22), Optional.of(2), TreePMap.empty(), cluster.index()));
    var placements = new ArrayList<Placement>();
    cluster
        .image()
        .partitionIds()
        .forEach(id -> {
          var nodes = new ArrayList<>(cluster.partition(id).replicaNodes());
          if (!nodes.contains(new NodeId(4))) {
            nodes.replaceAll(node -> node.value() == 1 ? new NodeId(4) : node);
            placements.add(new Placement(id, nodes));
          }
        });
    cluster.accept(new ReassignPartitions(cluster.draw(), placements, OptionalLong.of(1 << 20)));
    cluster.accept(new DrainNode(cluster.draw(), new NodeId(4)));
  }

  private static byte[] write(ClusterImage image) throws IOException {
    var bytes = new ByteArrayOutputStream();
    SnapshotCodec.write(image, bytes);
    return bytes.toByteArray();
  }

  private static ClusterImage read(byte[] bytes) throws IOException {
    return SnapshotCodec.read(new ByteArrayInputStream(bytes));
  }
}
