package dev.naru.metadata.machine;

import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.BeginShutdown;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.DirectoryReport;
import dev.naru.metadata.command.ElectLeaders;
import dev.naru.metadata.command.ElectionKind;
import dev.naru.metadata.command.FenceCause;
import dev.naru.metadata.command.FenceNode;
import dev.naru.metadata.command.InitializeCluster;
import dev.naru.metadata.command.IsrMember;
import dev.naru.metadata.command.LogReport;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.RegisterNode;
import dev.naru.metadata.command.ReportLogs;
import dev.naru.metadata.command.UnfenceNode;
import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.LogEnd;
import dev.naru.metadata.image.NodeEndpoints;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeProfile;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.pcollections.TreePMap;

/**
 * A metadata log of one's own: what is submitted is applied at once, at the next index. Commands
 * that a test cares little about have short forms here, and fail the test when they are refused.
 */
public final class TestCluster {

  public static final String CLUSTER_ID = "6f0d3c1e-2b0a-4c55-9a77-0c3b3f6f7a10";

  private ClusterImage image = ClusterImage.empty(CLUSTER_ID);
  private long index;
  private long sequence;
  private long drawn;

  /** An initialized cluster without a node. */
  public static TestCluster empty() {
    var cluster = new TestCluster();
    cluster.accept(
        new InitializeCluster(
            CLUSTER_ID, ClusterImage.METADATA_VERSION_LATEST, ClusterDefaults.BUILT_IN));
    return cluster;
  }

  /** Nodes 1 to this number, all serving. */
  public static TestCluster of(int nodes) {
    var cluster = empty();
    IntStream.rangeClosed(1, nodes).forEach(cluster::start);
    return cluster;
  }

  public ClusterImage image() {
    return image;
  }

  public long index() {
    return index;
  }

  public Transition apply(CommandEnvelope envelope) {
    var transition = MetadataMachine.apply(image, ++index, envelope);
    image = transition.image();
    return transition;
  }

  public Transition submit(MetadataCommand command) {
    return apply(
        new CommandEnvelope(
            new NodeId(0), CommandEnvelope.UNREGISTERED, ++sequence, 1_000 + index, command));
  }

  /** Submits, and fails the test if that is refused. */
  public Transition accept(MetadataCommand command) {
    var transition = submit(command);
    if (!(transition.outcome() instanceof Outcome.Accepted)) {
      throw new AssertionError("Expected " + command + " to be accepted: " + transition.outcome());
    }
    return transition;
  }

  /** Submits, and fails the test if that is accepted. */
  public ErrorCode refusal(MetadataCommand command) {
    return switch (submit(command).outcome()) {
      case Outcome.Refusal(var at, var why) -> why.code();
      case Outcome.Accepted accepted ->
          throw new AssertionError("Expected " + command + " to be refused");
      case Outcome.NotAppended notAppended -> throw new AssertionError(notAppended);
    };
  }

  public NodeImage node(int id) {
    return image.node(new NodeId(id)).orElseThrow();
  }

  public NodeEpoch epoch(int id) {
    return node(id).epoch();
  }

  public IsrMember member(int id) {
    return new IsrMember(new NodeId(id), epoch(id));
  }

  public PartitionImage partition(PartitionId id) {
    return image.partition(id).orElseThrow();
  }

  /** Registers a process that stopped uncleanly, with nothing to report, and unfences it. */
  public void start(int id) {
    register(id, LastStop.UNCLEAN);
    report(id);
    unfence(id);
  }

  public void register(int id, LastStop stop) {
    accept(registration(id, stop));
  }

  /** A new process on the node's one directory, where the last epoch is stored as it should be. */
  public RegisterNode registration(int id, LastStop stop) {
    return new RegisterNode(
        CLUSTER_ID,
        new NodeId(id),
        draw(),
        image.node(new NodeId(id)).map(NodeImage::epoch),
        profile(id, Optional.empty()),
        List.of(
            new DirectoryReport(directory(id), image.node(new NodeId(id)).map(NodeImage::epoch))),
        stop,
        false);
  }

  public void registerInRack(int id, String rack) {
    var plain = registration(id, LastStop.UNCLEAN);
    accept(
        new RegisterNode(
            plain.clusterId(),
            plain.node(),
            plain.incarnation(),
            plain.knownEpoch(),
            profile(id, Optional.of(rack)),
            plain.directories(),
            plain.lastStop(),
            false));
    report(id);
    unfence(id);
  }

  /** The last report of a node. */
  public void report(int id, LogReport... logs) {
    accept(new ReportLogs(new NodeId(id), epoch(id), List.of(logs), true));
  }

  /** A whole log on the node's one directory. */
  public static LogReport log(int node, PartitionId id, int lastEpoch, long end) {
    return new LogReport(
        id, directory(node), new LogEnd(Optional.of(new LeaderEpoch(lastEpoch)), end), 0, false);
  }

  public void unfence(int id) {
    accept(new UnfenceNode(new NodeId(id), epoch(id)));
  }

  public void fence(int id) {
    accept(new FenceNode(new NodeId(id), epoch(id), FenceCause.SILENT));
  }

  public void beginShutdown(int id) {
    accept(new BeginShutdown(new NodeId(id), epoch(id)));
  }

  /** Restarts a node after an unclean stop and has it report this log. */
  public void restart(int id, LogReport... logs) {
    register(id, LastStop.UNCLEAN);
    report(id, logs);
    unfence(id);
  }

  /** A topic with one partition; its leader is not chosen. */
  public PartitionId topic(String name, int copies, Map<String, String> configs) {
    var id = drawTopicId();
    accept(
        new CreateTopic(
            id, name, Optional.of(1), Optional.of(copies), TreePMap.from(configs), index));
    return new PartitionId(id, 0);
  }

  /** A topic with one partition on nodes 1 to this number, led by node 1. */
  public PartitionId topicLedBy1(int copies, Map<String, String> configs) {
    var id = topic("t" + index, copies, configs);
    while (!partition(id).isLedBy(new NodeId(1))) {
      id = topic("t" + index, copies, configs);
    }
    return id;
  }

  /** The present leader proposes this ISR. */
  public AlterPartition proposal(PartitionId id, int... isr) {
    var partition = partition(id);
    return new AlterPartition(
        id,
        partition.leaderEpoch(),
        partition.partitionEpoch(),
        member(partition.leader().orElseThrow().value()),
        IntStream.of(isr).mapToObj(this::member).toList());
  }

  public void waitIsOver(PartitionId id) {
    accept(new ElectLeaders(List.of(id), ElectionKind.WAIT_IS_OVER));
  }

  public UUID draw() {
    return new UUID(7, ++drawn);
  }

  public TopicId drawTopicId() {
    return new TopicId(draw());
  }

  public static UUID directory(int node) {
    return new UUID(3, node);
  }

  public static NodeProfile profile(int id, Optional<String> rack) {
    return new NodeProfile(
        rack,
        new NodeEndpoints(
            new HostPort("n" + id, 9410),
            new HostPort("n" + id, 9411),
            new HostPort("n" + id, 9412),
            new HostPort("n" + id, 9480)),
        Integer.toString(id),
        "0.1.0",
        ClusterImage.METADATA_VERSION_LATEST);
  }
}
