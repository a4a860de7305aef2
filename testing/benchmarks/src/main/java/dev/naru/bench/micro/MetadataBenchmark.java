package dev.naru.bench.micro;

import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.DirectoryReport;
import dev.naru.metadata.command.InitializeCluster;
import dev.naru.metadata.command.IsrMember;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.RegisterNode;
import dev.naru.metadata.command.ReportLogs;
import dev.naru.metadata.command.UnfenceNode;
import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.NodeEndpoints;
import dev.naru.metadata.image.NodeProfile;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.machine.MetadataMachine;
import dev.naru.metadata.machine.Transition;
import dev.naru.types.HostPort;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.pcollections.TreePMap;

/** One command applied to the image of a cluster that has topics already. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class MetadataBenchmark {

  private static final String CLUSTER = "6f0d3c1e-2b0a-4c55-9a77-0c3b3f6f7a10";
  private static final int NODES = 3;
  private static final int PARTITIONS = 6;

  /** Topics of six partitions. */
  @Param({"10", "1000"})
  private int topics;

  private ClusterImage image = ClusterImage.empty(CLUSTER);
  private long index;
  private CommandEnvelope creation = envelope(createTopic(0));
  private CommandEnvelope shrinking = creation;

  /** Three nodes that serve, and the topics. */
  @Setup
  public void fill() {
    accept(
        new InitializeCluster(
            CLUSTER, ClusterImage.METADATA_VERSION_LATEST, ClusterDefaults.BUILT_IN));
    for (int id = 1; id <= NODES; id++) {
      start(new NodeId(id));
    }
    for (int i = 1; i <= topics; i++) {
      accept(createTopic(i));
    }
    shrinking = envelope(shrinkIsr(new PartitionId(topicId(1), 0)));
  }

  private void start(NodeId node) {
    var directory = new DirectoryReport(new UUID(3, node.value()), Optional.empty());
    accept(
        new RegisterNode(
            CLUSTER,
            node,
            new UUID(7, node.value()),
            Optional.empty(),
            profile(node.value()),
            List.of(directory),
            LastStop.UNCLEAN,
            false));
    var epoch = image.node(node).orElseThrow().epoch();
    accept(new ReportLogs(node, epoch, List.of(), true));
    accept(new UnfenceNode(node, epoch));
  }

  private static NodeProfile profile(int id) {
    return new NodeProfile(
        Optional.empty(),
        new NodeEndpoints(
            new HostPort("n" + id, 9410),
            new HostPort("n" + id, 9411),
            new HostPort("n" + id, 9412),
            new HostPort("n" + id, 9480)),
        Integer.toString(id),
        "0.1.0",
        ClusterImage.METADATA_VERSION_LATEST);
  }

  private static CreateTopic createTopic(int number) {
    return new CreateTopic(
        topicId(number),
        "topic-" + number,
        Optional.of(PARTITIONS),
        Optional.of(NODES),
        TreePMap.empty(),
        number);
  }

  private static TopicId topicId(int number) {
    return new TopicId(new UUID(2, number));
  }

  private AlterPartition shrinkIsr(PartitionId id) {
    var partition = image.partition(id).orElseThrow();
    var leader = partition.leader().orElseThrow();
    var member = new IsrMember(leader, image.node(leader).orElseThrow().epoch());
    return new AlterPartition(
        id, partition.leaderEpoch(), partition.partitionEpoch(), member, List.of(member));
  }

  private void accept(MetadataCommand command) {
    var transition = MetadataMachine.apply(image, ++index, envelope(command));
    if (!(transition.outcome() instanceof Outcome.Accepted)) {
      throw new IllegalStateException(
          "Expected " + command + " to be accepted, but: " + transition.outcome());
    }
    image = transition.image();
  }

  private static CommandEnvelope envelope(MetadataCommand command) {
    return new CommandEnvelope(new NodeId(0), CommandEnvelope.UNREGISTERED, 0, 0, command);
  }

  /** Another topic of six partitions. */
  @Benchmark
  public Transition createTopic() {
    return MetadataMachine.apply(image, index + 1, creation);
  }

  /** A leader that leaves two replicas behind. */
  @Benchmark
  public Transition shrinkIsr() {
    return MetadataMachine.apply(image, index + 1, shrinking);
  }
}
