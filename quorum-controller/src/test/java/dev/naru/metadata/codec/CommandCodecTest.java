package dev.naru.metadata.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.AddPartitions;
import dev.naru.metadata.command.AlterConfigs;
import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.AlterPartitions;
import dev.naru.metadata.command.AlterTopicConfigs;
import dev.naru.metadata.command.BeginShutdown;
import dev.naru.metadata.command.CancelOperation;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.CreateTopics;
import dev.naru.metadata.command.DeclareLoss;
import dev.naru.metadata.command.DeclareLosses;
import dev.naru.metadata.command.DecommissionNode;
import dev.naru.metadata.command.DeleteTopic;
import dev.naru.metadata.command.DirectoryReport;
import dev.naru.metadata.command.DrainNode;
import dev.naru.metadata.command.ElectLeaders;
import dev.naru.metadata.command.ElectionKind;
import dev.naru.metadata.command.FenceCause;
import dev.naru.metadata.command.FenceNode;
import dev.naru.metadata.command.FinalizeMetadataVersion;
import dev.naru.metadata.command.GiveUpCause;
import dev.naru.metadata.command.GiveUpReplicas;
import dev.naru.metadata.command.InitializeCluster;
import dev.naru.metadata.command.IsrMember;
import dev.naru.metadata.command.LogAnswer;
import dev.naru.metadata.command.LogReport;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.Placement;
import dev.naru.metadata.command.ReassignPartitions;
import dev.naru.metadata.command.RecoverPartitions;
import dev.naru.metadata.command.Recovery;
import dev.naru.metadata.command.RegisterNode;
import dev.naru.metadata.command.ReportLogs;
import dev.naru.metadata.command.ShownLoss;
import dev.naru.metadata.command.SuspectNode;
import dev.naru.metadata.command.UndrainNode;
import dev.naru.metadata.command.UnfenceNode;
import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.Durability;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.LogEnd;
import dev.naru.metadata.machine.InternalTopics;
import dev.naru.metadata.machine.TestCluster;
import dev.naru.testing.Golden;
import dev.naru.testing.Seeds;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

class CommandCodecTest {

  private static final NodeId NODE = new NodeId(3);
  private static final NodeEpoch EPOCH = new NodeEpoch(77);
  private static final TopicId TOPIC = TopicId.of(0x0102030405060708L, 0x090a0b0c0d0e0f10L);
  private static final PartitionId PARTITION = new PartitionId(TOPIC, 5);
  private static final UUID DIRECTORY = new UUID(11, 12);
  private static final LogEnd LOG = new LogEnd(Optional.of(new LeaderEpoch(6)), 42);

  /** One of each kind, with everything in it that can be. */
  static List<MetadataCommand> oneOfEach() {
    return List.of(
        new InitializeCluster(
            TestCluster.CLUSTER_ID,
            1,
            new ClusterDefaults(6, 3, TreePMap.singleton("flush", "os"))),
        new RegisterNode(
            TestCluster.CLUSTER_ID,
            NODE,
            new UUID(1, 2),
            Optional.of(EPOCH),
            TestCluster.profile(3, Optional.of("rack-1")),
            List.of(
                new DirectoryReport(DIRECTORY, Optional.of(EPOCH)),
                new DirectoryReport(new UUID(13, 14), Optional.empty())),
            LastStop.CLEAN,
            true),
        new ReportLogs(
            NODE,
            EPOCH,
            List.of(
                new LogReport(
                    PARTITION,
                    DIRECTORY,
                    new LogEnd(Optional.of(new LeaderEpoch(4)), 1L << 40),
                    1L << 39,
                    true),
                new LogReport(PARTITION, DIRECTORY, LogEnd.NOTHING, 0, false)),
            true),
        new UnfenceNode(NODE, EPOCH),
        new FenceNode(NODE, EPOCH, FenceCause.CONNECTION_REFUSED),
        new BeginShutdown(NODE, EPOCH),
        new GiveUpReplicas(NODE, EPOCH, List.of(PARTITION), GiveUpCause.STORAGE_FAILED),
        new CreateTopic(
            TOPIC,
            "orders",
            Optional.of(12),
            Optional.of(3),
            TreePMap.singleton("retention.ms", "7d"),
            -1),
        new DeleteTopic(TOPIC),
        new AlterPartition(
            PARTITION,
            new LeaderEpoch(2),
            new PartitionEpoch(9),
            new IsrMember(NODE, EPOCH),
            List.of(new IsrMember(NODE, EPOCH), new IsrMember(new NodeId(0), EPOCH))),
        new ElectLeaders(List.of(PARTITION), ElectionKind.WAIT_IS_OVER),
        new AlterPartitions(
            List.of(
                new AlterPartition(
                    PARTITION,
                    new LeaderEpoch(2),
                    new PartitionEpoch(9),
                    new IsrMember(NODE, EPOCH),
                    List.of(new IsrMember(NODE, EPOCH))))),
        new CreateTopics(
            List.of(
                new CreateTopic(
                    TOPIC, "orders", Optional.of(12), Optional.empty(), TreePMap.empty(), 7),
                new CreateTopic(
                    TopicId.of(1, 2),
                    "payments",
                    Optional.empty(),
                    Optional.of(3),
                    TreePMap.singleton("flush", "os"),
                    8))),
        new SuspectNode(NODE, EPOCH, List.of(PARTITION)),
        new RecoverPartitions(
            List.of(
                new Recovery(
                    PARTITION,
                    new PartitionEpoch(9),
                    List.of(
                        new LogAnswer(
                            NODE,
                            EPOCH,
                            LOG,
                            new LogEnd(Optional.of(new LeaderEpoch(2)), 40),
                            10,
                            30,
                            false),
                        LogAnswer.damaged(new NodeId(4), EPOCH)),
                    NODE,
                    Optional.of(new ShownLoss(LOG, 42, 50, true))),
                new Recovery(
                    PARTITION,
                    new PartitionEpoch(9),
                    List.of(),
                    NODE,
                    Optional.empty(),
                    TreePSet.singleton(new NodeId(4)).plus(new NodeId(5))),
                new Recovery(PARTITION, new PartitionEpoch(9), List.of(), NODE, Optional.empty()))),
        new DeclareLosses(
            List.of(
                new DeclareLoss(PARTITION, new LeaderEpoch(7), NODE, EPOCH, LOG, 20),
                new DeclareLoss(PARTITION, new LeaderEpoch(7), new NodeId(4), EPOCH, LOG, 0))),
        InternalTopics.consumerOffsets(TOPIC, 50, 3, 5),
        new AddPartitions(TOPIC, 24, -7),
        new AlterTopicConfigs(
            TOPIC,
            TreePMap.singleton("retention.ms", "1d").plus("flush", "os"),
            TreePSet.singleton("segment.ms").plus("segment.bytes"),
            Optional.of(TreePMap.singleton("retention.ms", "604800000"))),
        new AlterTopicConfigs(
            TOPIC, TreePMap.empty(), TreePSet.empty(), Optional.of(TreePMap.empty())),
        new AlterTopicConfigs(
            TOPIC, TreePMap.singleton("flush", "os"), TreePSet.empty(), Optional.empty()),
        new AlterTopicConfigs(
            TOPIC,
            TreePMap.singleton("flush", "os"),
            TreePSet.empty(),
            Optional.empty(),
            "ann@10.0.0.7"),
        new AlterConfigs(
            Optional.empty(),
            TreePMap.singleton("durability", "fast").plus("log.retention.ms", "1d"),
            TreePSet.singleton("flush").plus("num.partitions"),
            Optional.of(TreePMap.singleton("flush", "os")),
            "ann@10.0.0.7"),
        new AlterConfigs(
            Optional.of(NODE),
            TreePMap.empty(),
            TreePSet.singleton("disk.used.ratio.max"),
            Optional.empty(),
            ""),
        new FinalizeMetadataVersion(2, "ann@10.0.0.7"),
        new InitializeCluster(
            TestCluster.CLUSTER_ID,
            1,
            new ClusterDefaults(6, 3, TreePMap.empty(), Optional.of(Durability.BALANCED))),
        new DrainNode(DIRECTORY, NODE),
        new UndrainNode(NODE),
        new ReassignPartitions(
            DIRECTORY,
            List.of(
                new Placement(PARTITION, List.of(NODE, new NodeId(1))),
                new Placement(new PartitionId(TOPIC, 6), List.of(new NodeId(0)))),
            OptionalLong.of(50 << 20)),
        new ReassignPartitions(DIRECTORY, List.of(), OptionalLong.empty()),
        new CancelOperation(DIRECTORY),
        new DecommissionNode(DIRECTORY, NODE, -5, OptionalLong.empty()));
  }

  @ParameterizedTest
  @MethodSource("oneOfEach")
  void readsWhatItWrote(MetadataCommand command) {
    var envelope = enveloped(command);

    assertThat(decode(CommandCodec.encode(envelope))).isEqualTo(new Decoded.Command(envelope));
  }

  /** What commands of earlier releases do not have; theirs are read as the golden files are. */
  @Test
  void keepsWhoAskedAndWhyALeaderProposed() {
    var leader = new IsrMember(NODE, EPOCH);
    var alter =
        new AlterPartition(
            PARTITION,
            new LeaderEpoch(6),
            new PartitionEpoch(7),
            leader,
            List.of(leader),
            "x".repeat(AlterPartition.REASON_MAX + 1));
    var envelope = new CommandEnvelope(NODE, EPOCH, 9, 1_000, alter, "ann@10.0.0.7");

    var decoded = CommandCodec.decode(ByteBuffer.wrap(CommandCodec.encode(envelope)));

    assertThat(decoded).isEqualTo(new Decoded.Command(envelope));
    assertThat(alter.reason()).hasSize(AlterPartition.REASON_MAX);
  }

  @Test
  void writesTheSameBytesInEveryRelease() {
    var bytes = new ByteArrayOutputStream();
    for (var command : oneOfEach()) {
      bytes.writeBytes(CommandCodec.encode(enveloped(command)));
    }

    Golden.of(CommandCodecTest.class).assertBytes("commands.hex", bytes.toByteArray());
  }

  @Test
  void refusesBytesThatAreNoCommand() {
    assertThat(decode(new byte[0])).isInstanceOf(Decoded.Unreadable.class);
    assertThat(decode(new byte[] {1, 2, 3})).isInstanceOf(Decoded.Unreadable.class);
  }

  @Test
  void neverThrowsForDamagedBytes() {
    Seeds.forEach(
        20,
        (seed, random) -> {
          for (var command : oneOfEach()) {
            for (int i = 0; i < 200; i++) {
              byte[] bytes = CommandCodec.encode(enveloped(command));
              bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
              switch (decode(bytes)) {
                case Decoded.Command(var envelope) ->
                    assertThat(decode(CommandCodec.encode(envelope)))
                        .isEqualTo(new Decoded.Command(envelope));
                case Decoded.Unreadable(var reason) -> assertThat(reason).isNotEmpty();
              }
            }
          }
        });
  }

  @Test
  void fitsTheLargestListsIntoOneEntry() {
    var logs =
        Collections.nCopies(
            MetadataCommand.ENTRIES_MAX,
            new LogReport(
                new PartitionId(TOPIC, MetadataCommand.ENTRIES_MAX),
                DIRECTORY,
                new LogEnd(Optional.of(new LeaderEpoch(Integer.MAX_VALUE)), Long.MAX_VALUE),
                Long.MAX_VALUE,
                true));

    var bytes = CommandCodec.encode(enveloped(new ReportLogs(NODE, EPOCH, logs, true)));

    assertThat(bytes).hasSizeLessThan(CommandCodec.ENCODED_BYTES_MAX);
  }

  private static CommandEnvelope enveloped(MetadataCommand command) {
    return new CommandEnvelope(NODE, EPOCH, 42, 1_767_225_600_000L, command);
  }

  private static Decoded decode(byte[] bytes) {
    return CommandCodec.decode(ByteBuffer.wrap(bytes));
  }
}
