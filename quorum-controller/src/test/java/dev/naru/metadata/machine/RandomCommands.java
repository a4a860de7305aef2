package dev.naru.metadata.machine;

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
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.LogEnd;
import dev.naru.metadata.image.LossCause;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * Commands as a cluster in trouble would send them: most make sense for the image they are drawn
 * for, some are late, repeated, or nonsense.
 */
public final class RandomCommands {

  private static final int NODES = 5;
  private static final List<Map<String, String>> CONFIGS =
      List.of(
          Map.of(),
          Map.of("min.insync.replicas", "1"),
          Map.of("flush", "os", "recovery.mode", "available"),
          Map.of("recovery.mode", "bounded", "recovery.wait.ms", "1s"),
          Map.of("flush", "os", "min.insync.replicas", "1", "retention.ms", "7d"),
          Map.of("flush", "never"));

  private static final List<Map<String, String>> CHANGES =
      List.of(
          Map.of(),
          Map.of("min.insync.replicas", "1"),
          Map.of("min.insync.replicas", "2"),
          Map.of("min.insync.replicas", "3"),
          Map.of("flush", "os"),
          Map.of("flush", "quorum"),
          Map.of("recovery.mode", "bounded", "retention.ms", "1d"),
          Map.of("retention.ms", "never"));

  private static final List<Map<String, String>> CLUSTER_CHANGES =
      List.of(
          Map.of(),
          Map.of("min.insync.replicas", "1"),
          Map.of("min.insync.replicas", "3"),
          Map.of("min.insync.replicas", "4"),
          Map.of("flush", "os"),
          Map.of("flush", "quorum"),
          Map.of("durability", "strict"),
          Map.of("durability", "fast", "num.partitions", "3"),
          Map.of("log.retention.ms", "1d", "disk.used.ratio.max", "0.9"),
          Map.of("default.replication.factor", "2", "retention.ms", "1d"));

  private static final List<Map<String, String>> NODE_CHANGES =
      List.of(
          Map.of(),
          Map.of("disk.used.ratio.max", "0.90"),
          Map.of("disk.used.ratio.max", "0"),
          Map.of("log.scrub.bytes.per.second", "1MiB"),
          Map.of("num.partitions", "1"));

  private final RandomGenerator random;
  private final List<CommandEnvelope> sent = new ArrayList<>();
  private final List<TopicId> topicIds = new ArrayList<>();
  private long sequence;

  public RandomCommands(RandomGenerator random) {
    this.random = random;
  }

  /** The next command for this image, or an earlier one again. */
  public CommandEnvelope next(ClusterImage image) {
    if (!sent.isEmpty() && random.nextInt(20) == 0) {
      return pick(sent);
    }
    var submitter = node();
    var epoch =
        random.nextInt(4) == 0
            ? CommandEnvelope.UNREGISTERED
            : image.node(submitter).map(NodeImage::epoch).orElse(CommandEnvelope.UNREGISTERED);
    var envelope =
        new CommandEnvelope(submitter, epoch, ++sequence, random.nextLong(), command(image));
    sent.add(envelope);
    return envelope;
  }

  private MetadataCommand command(ClusterImage image) {
    return switch (random.nextInt(33)) {
      case 0, 1, 2 -> register(image, node());
      case 3, 4, 5, 6 -> report(image, node());
      case 7, 8, 9 -> {
        var node = node();
        yield new UnfenceNode(node, epoch(image, node));
      }
      case 10, 11 -> {
        var node = node();
        yield new FenceNode(node, epoch(image, node), pick(List.of(FenceCause.values())));
      }
      case 12 -> {
        var node = node();
        yield random.nextBoolean()
            ? new BeginShutdown(node, epoch(image, node))
            : new UnfenceNode(node, epoch(image, node));
      }
      case 13 ->
          random.nextBoolean()
              ? create()
              : new CreateTopics(Stream.generate(this::create).limit(random.nextInt(6)).toList());
      case 14 -> random.nextInt(4) == 0 ? delete() : create();
      case 15 -> giveUp(image, node());
      case 16 ->
          new ElectLeaders(
              image.partitionIds().filter(id -> random.nextBoolean()).toList(),
              pick(List.of(ElectionKind.values())));
      case 17 ->
          new AlterPartitions(
              Stream.generate(() -> alter(image))
                  .limit(random.nextInt(5))
                  .flatMap(
                      each -> each instanceof AlterPartition one ? Stream.of(one) : Stream.of())
                  .toList());
      case 18 -> suspect(image, node());
      case 19, 20 -> recover(image);
      case 21 -> declareLosses(image, node());
      case 22 -> addPartitions();
      case 23 -> alterConfigs(image);
      case 24 -> alterDefaults();
      case 25 ->
          random.nextInt(3) > 0 ? new UndrainNode(node()) : new DrainNode(operation(image), node());
      case 26, 27 -> reassign(image);
      case 28 ->
          random.nextInt(4) == 0
              ? new DecommissionNode(
                  operation(image),
                  node(),
                  random.nextLong(),
                  OptionalLong.of(1 << 20),
                  random.nextBoolean())
              : new CancelOperation(operation(image));
      default -> alter(image);
    };
  }

  private SuspectNode suspect(ClusterImage image, NodeId node) {
    return new SuspectNode(
        node,
        epoch(image, node),
        image
            .partitionIds()
            .filter(id -> image.partition(id).filter(entry -> entry.isLedBy(node)).isPresent())
            .toList());
  }

  private MetadataCommand recover(ClusterImage image) {
    var leaderless =
        image
            .partitionIds()
            .filter(id -> image.partition(id).filter(PartitionImage::hasLeader).isEmpty())
            .toList();
    return leaderless.isEmpty()
        ? create()
        : new RecoverPartitions(
            leaderless.stream()
                .filter(id -> random.nextInt(4) > 0)
                .flatMap(id -> recovery(image, id).stream())
                .toList());
  }

  private Optional<Recovery> recovery(ClusterImage image, PartitionId id) {
    var partition = image.partition(id).orElseThrow();
    var topic = image.topic(id.topic()).orElseThrow();
    var answers =
        partition.replicaNodes().stream()
            .filter(node -> image.isEligible(node) || random.nextInt(10) == 0)
            .map(node -> answer(node, epoch(image, node)))
            .toList();
    if (answers.isEmpty()) {
      return Optional.empty();
    }
    var best = RecoveryChoice.best(topic, partition, answers);
    var choice = random.nextInt(4) == 0 ? pick(answers) : best.orElse(answers.getFirst());
    var loss = RecoveryChoice.loss(partition, answers, choice, LossCause.OPERATOR);
    return Optional.of(
        new Recovery(
            id,
            late(partition.partitionEpoch().value(), PartitionEpoch::new),
            answers,
            choice.node(),
            random.nextBoolean() ? Optional.of(ShownLoss.of(loss)) : Optional.empty(),
            random.nextBoolean()
                ? TreePSet.from(answers.stream().map(LogAnswer::node).toList())
                : TreePSet.empty()));
  }

  private LogAnswer answer(NodeId node, NodeEpoch epoch) {
    long end = random.nextInt(5, 9);
    var last = Optional.of(new LeaderEpoch(random.nextInt(3)));
    return new LogAnswer(
        node,
        epoch,
        new LogEnd(last, end),
        new LogEnd(last, random.nextInt(8) == 0 ? end - 1 : end),
        1,
        random.nextInt(1, (int) end + 1),
        random.nextInt(8) == 0);
  }

  private MetadataCommand declareLosses(ClusterImage image, NodeId node) {
    var withLoss =
        image
            .partitionsOn(node)
            .filter(id -> image.partition(id).orElseThrow().losses().last().isPresent())
            .toList();
    return withLoss.isEmpty()
        ? create()
        : new DeclareLosses(
            Stream.generate(() -> declareLoss(image, node, pick(withLoss)))
                .limit(random.nextInt(1, 4))
                .toList());
  }

  private DeclareLoss declareLoss(ClusterImage image, NodeId node, PartitionId id) {
    var loss = pick(image.partition(id).orElseThrow().losses().all());
    long end = random.nextInt(5, 12);
    return new DeclareLoss(
        id,
        loss.leaderEpoch(),
        node,
        epoch(image, node),
        new LogEnd(Optional.of(new LeaderEpoch(random.nextInt(4))), end),
        random.nextLong(end + 1));
  }

  private RegisterNode register(ClusterImage image, NodeId node) {
    var known = image.node(node);
    var directories = new ArrayList<DirectoryReport>();
    if (random.nextInt(10) > 0) {
      directories.add(new DirectoryReport(new UUID(3, node.value()), known.map(NodeImage::epoch)));
    }
    if (directories.isEmpty() || random.nextInt(10) == 0) {
      directories.add(new DirectoryReport(new UUID(4, node.value()), Optional.empty()));
    }
    return new RegisterNode(
        TestCluster.CLUSTER_ID,
        node,
        new UUID(random.nextLong(), 1),
        random.nextInt(10) > 0 ? known.map(NodeImage::epoch) : Optional.empty(),
        TestCluster.profile(
            node.value(), random.nextBoolean() ? Optional.of("a") : Optional.empty()),
        directories,
        pick(List.of(LastStop.values())),
        random.nextInt(4) == 0);
  }

  private ReportLogs report(ClusterImage image, NodeId node) {
    var logs =
        image
            .partitionsOn(node)
            .filter(id -> random.nextInt(8) > 0)
            .map(id ->
                new LogReport(
                    id,
                    new UUID(random.nextInt(10) > 0 ? 3 : 4, node.value()),
                    new LogEnd(
                        Optional.of(new LeaderEpoch(random.nextInt(3)))
                            .filter(epoch -> epoch.value() > 0),
                        random.nextInt(5, 9)),
                    random.nextInt(6),
                    random.nextInt(10) == 0))
            .toList();
    return new ReportLogs(node, epoch(image, node), logs, random.nextInt(4) > 0);
  }

  private GiveUpReplicas giveUp(ClusterImage image, NodeId node) {
    return new GiveUpReplicas(
        node,
        epoch(image, node),
        image.partitionsOn(node).filter(id -> random.nextInt(3) == 0).toList(),
        pick(List.of(GiveUpCause.values())));
  }

  private CreateTopic create() {
    var id =
        topicIds.isEmpty() || random.nextInt(5) > 0
            ? new TopicId(new UUID(9, random.nextLong() | 1))
            : pick(topicIds);
    topicIds.add(id);
    int number = random.nextInt(12);
    return new CreateTopic(
        id,
        number == 11 ? InternalTopics.CONSUMER_OFFSETS : "topic-" + number,
        Optional.of(random.nextInt(0, 4)).filter(n -> random.nextBoolean()),
        Optional.of(random.nextInt(0, 5)).filter(n -> random.nextBoolean()),
        TreePMap.from(pick(CONFIGS)),
        random.nextLong(),
        number == 11);
  }

  private MetadataCommand delete() {
    return topicIds.isEmpty() ? create() : new DeleteTopic(pick(topicIds));
  }

  private MetadataCommand addPartitions() {
    return topicIds.isEmpty()
        ? create()
        : new AddPartitions(pick(topicIds), random.nextInt(0, 7), random.nextLong());
  }

  private MetadataCommand alterConfigs(ClusterImage image) {
    if (topicIds.isEmpty()) {
      return create();
    }
    var topic = pick(topicIds);
    var seen = image.topic(topic).map(TopicImage::configs);
    return new AlterTopicConfigs(
        topic,
        TreePMap.from(pick(CHANGES)),
        random.nextInt(4) > 0
            ? TreePSet.empty()
            : TreePSet.singleton(pick(List.of("min.insync.replicas", "flush", "retention.ms"))),
        random.nextInt(3) == 0 ? seen : Optional.empty());
  }

  private MetadataCommand alterDefaults() {
    if (random.nextInt(8) == 0) {
      return new FinalizeMetadataVersion(random.nextInt(3), "ann");
    }
    var node = Optional.of(node()).filter(id -> random.nextInt(3) == 0);
    return new AlterConfigs(
        node,
        TreePMap.from(pick(node.isPresent() ? NODE_CHANGES : CLUSTER_CHANGES)),
        random.nextInt(3) > 0
            ? TreePSet.empty()
            : TreePSet.singleton(pick(List.of("min.insync.replicas", "flush", "durability"))),
        random.nextInt(4) == 0 ? Optional.of(TreePMap.empty()) : Optional.empty(),
        random.nextBoolean() ? "" : "ann@10.0.0.7");
  }

  private ReassignPartitions reassign(ClusterImage image) {
    var placements =
        image
            .partitionIds()
            .filter(id -> random.nextInt(3) == 0)
            .map(id -> new Placement(id, nodes(image.partition(id).orElseThrow().copies())))
            .toList();
    return new ReassignPartitions(operation(image), placements, OptionalLong.empty());
  }

  private List<NodeId> nodes(int count) {
    var nodes = new ArrayList<NodeId>();
    while (nodes.size() < count) {
      var node = node();
      if (!nodes.contains(node)) {
        nodes.add(node);
      }
    }
    return nodes;
  }

  /** A new one mostly, or one that is there. */
  private UUID operation(ClusterImage image) {
    var known = List.copyOf(image.operations().keySet());
    return known.isEmpty() || random.nextInt(3) == 0
        ? new UUID(10, random.nextLong() | 1)
        : pick(known);
  }

  private MetadataCommand alter(ClusterImage image) {
    var led =
        image
            .partitionIds()
            .filter(id -> image.partition(id).filter(PartitionImage::hasLeader).isPresent())
            .toList();
    if (led.isEmpty()) {
      return create();
    }
    var id = pick(led);
    var partition = image.partition(id).orElseThrow();
    var leader = partition.leader().orElseThrow();
    var isr =
        partition.replicaNodes().stream()
            .filter(node -> random.nextInt(4) > 0)
            .map(node -> new IsrMember(node, epoch(image, node)))
            .toList();
    return new AlterPartition(
        id,
        late(partition.leaderEpoch().value(), LeaderEpoch::new),
        late(partition.partitionEpoch().value(), PartitionEpoch::new),
        new IsrMember(leader, epoch(image, leader)),
        isr);
  }

  private <T> T late(int epoch, IntFunction<T> of) {
    return of.apply(random.nextInt(15) == 0 ? Math.max(0, epoch - 1) : epoch);
  }

  private NodeEpoch epoch(ClusterImage image, NodeId node) {
    var registered = image.node(node).map(NodeImage::epoch).orElse(new NodeEpoch(1));
    return random.nextInt(20) == 0 ? new NodeEpoch(registered.value() - 1) : registered;
  }

  private NodeId node() {
    return new NodeId(random.nextInt(1, NODES + 1));
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
