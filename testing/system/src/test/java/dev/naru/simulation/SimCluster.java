package dev.naru.simulation;

import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.CreateTopic;
import dev.naru.metadata.command.InitializeCluster;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.machine.InternalTopics;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.pcollections.TreePMap;

/** All parts of one simulated cluster. */
final class SimCluster {

  static final String CLUSTER_ID = "00000000-0000-4000-8000-000000000001";
  static final String TOPIC_NAME = "simulated";
  static final String OTHER_NAME = "other";
  static final TopicId OFFSETS = TopicId.of(1, 2);
  static final int LOGS_OF_GROUPS = 2;
  private static final TopicId TOPIC = TopicId.of(1, 1);
  private static final TopicId OTHER = TopicId.of(1, 3);

  private final Scenario scenario;
  private final Rules rules;
  private final Dice dice;
  private final World world = new World();
  private final SimNet net;
  private final SimMetadataLog log;
  private final SimCrowd crowd;
  private final Observer observer;
  private final SimController controller;
  private final Workload workload;
  private final Faults faults;
  private final Rot rot;
  private final SimAdmin admin;
  private final SimOperator operator;
  private final SimMover mover;
  private final Tally tally = new Tally();
  private final List<SimNode> nodes = new ArrayList<>();
  private boolean isHealed;

  SimCluster(Scenario scenario, Rules rules) {
    this.scenario = scenario;
    this.rules = rules;
    dice = Dice.of(scenario.seed());
    net = new SimNet(world, dice.named("network"), scenario.delayNanosMax());
    log = new SimMetadataLog(CLUSTER_ID, rules, this::onCommit);
    crowd = new SimCrowd(this, dice.named("crowd"));
    observer = new Observer(this);
    controller = new SimController(this, log, dice.named("controller"));
    workload = new Workload(this);
    faults = new Faults(this, dice.named("faults"));
    rot = new Rot(this, dice.named("rot"));
    admin = new SimAdmin(this, dice.named("admin"));
    operator = new SimOperator(this, dice.named("operator"));
    mover = new SimMover(this, dice.named("mover"));
    for (int id = 1; id <= scenario.nodes(); id++) {
      nodes.add(new SimNode(this, id, dice.named("node").numbered(id)));
    }
  }

  private void onCommit(long index) {
    crowd.decided(log.newest());
    observer.decisions().committed(index);
    nodes.forEach(node -> node.process().ifPresent(SimProcess::applySoon));
  }

  /** Starts all nodes and makes the topic. To be run until {@link #areNodesActive}. */
  void begin() {
    append(
        new InitializeCluster(
            CLUSTER_ID, ClusterImage.METADATA_VERSION_LATEST, ClusterDefaults.BUILT_IN));
    nodes.forEach(SimNode::start);
  }

  boolean areNodesActive() {
    return log.newest().nodes().size() == scenario.nodes()
        && log.newest().nodes().values().stream().allMatch(NodeImage::isEligible);
  }

  void createTopic() {
    var configs =
        TreePMap.<String, String>empty()
            .plus("min.insync.replicas", Integer.toString(scenario.minInsync()))
            .plus("flush", scenario.flush().name().toLowerCase(Locale.ROOT))
            .plus("segment.bytes", Integer.toString(scenario.segmentBytes()));
    append(
        new CreateTopic(
            TOPIC,
            TOPIC_NAME,
            Optional.of(scenario.partitions()),
            Optional.of(scenario.replicationFactor()),
            configs.plusAll(upkeepConfigs()).plusAll(recoveryConfigs()),
            dice.named("placement").nextLong()));
    if (scenario.groups().areThere()) {
      createTopicsOfGroups(configs);
    }
  }

  private void createTopicsOfGroups(TreePMap<String, String> configs) {
    var placement = dice.named("placement of groups");
    append(
        new CreateTopic(
            OTHER,
            OTHER_NAME,
            Optional.of(1 + placement.below(4)),
            Optional.of(scenario.replicationFactor()),
            configs,
            placement.nextLong()));
    var made =
        InternalTopics.consumerOffsets(
            OFFSETS,
            LOGS_OF_GROUPS,
            InternalTopics.copies(scenario.voters(), scenario.nodes()),
            placement.nextLong());
    append(
        new CreateTopic(
            made.id(),
            made.name(),
            made.partitions(),
            made.replicationFactor(),
            made.configs().plusAll(configs).plusAll(upkeepConfigs()),
            made.placementSeed(),
            true));
  }

  /** Whether groups are kept there. */
  boolean isOfGroups(PartitionId partition) {
    return partition.topic().equals(OFFSETS);
  }

  private Map<String, String> upkeepConfigs() {
    var upkeep = scenario.upkeep();
    if (!upkeep.isOn()) {
      return Map.of();
    }
    return Map.of(
        "segment.ms", Long.toString(upkeep.segmentMillis()),
        "retention.ms", Long.toString(upkeep.retentionMillis()),
        "retention.bytes", Long.toString(upkeep.retentionBytes()),
        "cleanup.policy", upkeep.cleanup().text(),
        "min.cleanable.dirty.ratio", Double.toString(upkeep.dirtyRatioMin()),
        "delete.retention.ms", Long.toString(upkeep.tombstoneMillis()),
        "message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE));
  }

  private Map<String, String> recoveryConfigs() {
    return scenario
        .recovery()
        .map(mode ->
            Map.of(
                "recovery.mode", mode.name().toLowerCase(Locale.ROOT),
                "recovery.wait.ms", Long.toString(scenario.recoveryWaitMillis())))
        .orElse(Map.of());
  }

  private void append(MetadataCommand command) {
    var outcome =
        log.append(
            new CommandEnvelope(
                new NodeId(1), CommandEnvelope.UNREGISTERED, 0, world.nowMillis(), command));
    if (!(outcome instanceof Outcome.Accepted)) {
      throw new IllegalStateException("Expected the cluster to be set up, but " + outcome);
    }
  }

  List<PartitionId> partitionIds() {
    return log.newest().partitionIds().toList();
  }

  void beginWork() {
    if (!scenario.groups().areThere()) {
      workload.begin(partitionIds(), dice.named("workload"));
    }
    crowd.begin();
    faults.begin();
    rot.begin();
    admin.begin();
    operator.begin();
    mover.begin();
  }

  /** Nothing breaks any more; what nobody has found yet is found. */
  void heal() {
    isHealed = true;
    rot.end();
    admin.end();
    mover.end();
    faults.heal();
    crowd.heal();
    if (scenario.rots()) {
      nodes.forEach(node -> node.process().ifPresent(process -> process.storage().scrub()));
    }
  }

  /** Whether nothing breaks any more, and what there is stays. */
  boolean isHealed() {
    return isHealed;
  }

  Rot rot() {
    return rot;
  }

  Scenario scenario() {
    return scenario;
  }

  Rules rules() {
    return rules;
  }

  World world() {
    return world;
  }

  SimNet net() {
    return net;
  }

  SimMetadataLog log() {
    return log;
  }

  SimController controller() {
    return controller;
  }

  Observer observer() {
    return observer;
  }

  Workload workload() {
    return workload;
  }

  /** How many clients there are, numbered from {@link Workload#clientNumber} on. */
  int clients() {
    return workload.clients() + crowd.clients();
  }

  SimCrowd crowd() {
    return crowd;
  }

  Faults faults() {
    return faults;
  }

  Tally tally() {
    return tally;
  }

  SimNode node(int id) {
    return nodes.get(id - 1);
  }

  /** The node of this number; 0 is none. */
  Optional<SimNode> nodeIfAny(int id) {
    return id == 0 ? Optional.empty() : Optional.of(node(id));
  }

  List<SimNode> nodes() {
    return nodes;
  }
}
