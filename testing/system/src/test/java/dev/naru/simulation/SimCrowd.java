package dev.naru.simulation;

import dev.naru.metadata.command.AddPartitions;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.record.Murmur2;
import dev.naru.simulation.invariant.GroupInvariant;
import dev.naru.simulation.invariant.GroupScene;
import dev.naru.simulation.invariant.GroupWatch;
import dev.naru.simulation.invariant.Settles;
import dev.naru.simulation.invariant.Violation;
import dev.naru.types.PartitionId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * All who consume, and an operator: he starts members and kills them, lets them stand still or
 * leave, has them read other topics, and gives topics more partitions.
 */
final class SimCrowd implements GroupScene.Facts {

  private static final long ACT_NANOS_MAX = 1_500 * World.MILLI;
  private static final long ALONE_NANOS_MAX = 9 * World.SECOND;
  private static final long NUMBER_MILLIS = 20;
  private static final int PARTITIONS_MAX = 8;
  private static final List<String> ASSIGNORS = List.of("sticky", "uniform", "range");

  private final SimCluster cluster;
  private final World world;
  private final Groups plan;
  private final Dice dice;
  private final GroupWatch watch;
  private final SimCalls calls;
  private final List<SimGroup> groups = new ArrayList<>();
  private final List<Optional<SimMember>> places = new ArrayList<>();
  private long healedMillis = Long.MAX_VALUE;
  private long started;

  SimCrowd(SimCluster cluster, Dice dice) {
    this.cluster = cluster;
    this.world = cluster.world();
    this.plan = cluster.scenario().groups();
    this.dice = dice;
    watch =
        new GroupWatch(
            new GroupScene(this),
            cluster::isOfGroups,
            step -> world.trace().note(step.log(), 0, step.group(), step.events(), step.end()));
    calls = new SimCalls(cluster, watch, dice.named("calls"));
  }

  GroupWatch watch() {
    return watch;
  }

  SimCalls calls() {
    return calls;
  }

  GroupScene scene() {
    return watch.scene();
  }

  void ask(Consumer<GroupInvariant> question) {
    watch.ask(question);
  }

  /** Who has an address: places of members, each of whom may be dead. */
  int clients() {
    return plan.count() * plan.members();
  }

  void begin() {
    for (int i = 0; i < plan.count(); i++) {
      var name = "group-" + i;
      int log = Murmur2.partition(name.getBytes(StandardCharsets.UTF_8), SimCluster.LOGS_OF_GROUPS);
      groups.add(
          new SimGroup(
              name,
              new PartitionId(SimCluster.OFFSETS, log),
              dice.chance(0.6),
              dice.chance(0.3),
              dice.pick(ASSIGNORS)));
      for (int k = 0; k < plan.members(); k++) {
        places.add(Optional.empty());
      }
      start(i * plan.members());
    }
    if (plan.areThere()) {
      world.after(dice.between(0, ACT_NANOS_MAX), this::act);
      calls.begin(groups);
    }
  }

  // ---- the operator

  private void act() {
    if (cluster.isHealed()) {
      return;
    }
    world.after(dice.between(20 * World.MILLI, ACT_NANOS_MAX), this::act);
    int place = dice.below(places.size());
    var member = places.get(place).filter(SimMember::isAlive);
    if (member.isEmpty()) {
      start(place);
      return;
    }
    switch (dice.below(7)) {
      case 0 -> {
        count("killed");
        member.get().kill();
      }
      case 1 -> {
        count("sent away");
        member.filter(SimMember::isRunning).ifPresent(SimMember::leave);
      }
      case 2 -> pause(member.get());
      case 3 -> {
        count("subscribed anew");
        member.filter(SimMember::isRunning).ifPresent(one -> one.subscribe(someTopics()));
      }
      case 4 -> addPartitions();
      case 5 -> leaveAlone(member.get().simGroup());
      default -> {} // a quiet while
    }
  }

  /**
   * The node that coordinates the group reaches no other one for so long that somebody else does;
   * its members reach it, and it goes on answering if it takes itself for what it was.
   */
  private void leaveAlone(SimGroup group) {
    cluster
        .log()
        .newest()
        .partition(group.log())
        .flatMap(entry -> entry.leader())
        .ifPresent(node -> {
          cluster.tally().count("coordinators left alone");
          long time = dice.between(2 * World.SECOND, ALONE_NANOS_MAX);
          cluster.faults().isolate(node.value(), time, FaultKind.ISOLATION);
        });
  }

  private void count(String what) {
    cluster.tally().count("members " + what);
  }

  private void start(int place) {
    var group = groups.get(place / plan.members());
    var instance = group.isStatic() ? Optional.of("instance-" + place) : Optional.<String>empty();
    var member =
        new SimMember(
            cluster,
            group,
            cluster.workload().clients() + place + Workload.clientNumber(0),
            instance,
            someTopics(),
            dice.named("member").numbered(started++));
    places.set(place, Optional.of(member));
    scene().comes(member);
    count("started");
    member.begin();
  }

  private void pause(SimMember member) {
    count("paused");
    member.pause();
    world.after(
        dice.between(20 * World.MILLI, 2 * plan.sessionMillis() * World.MILLI),
        () -> resume(member));
  }

  private static void resume(SimMember member) {
    if (member.isAlive() && !member.isRunning()) {
      member.resume();
    }
  }

  private SortedSet<String> someTopics() {
    return new TreeSet<>(
        dice.chance(0.7)
            ? List.of(SimCluster.TOPIC_NAME, SimCluster.OTHER_NAME)
            : List.of(dice.pick(List.of(SimCluster.TOPIC_NAME, SimCluster.OTHER_NAME))));
  }

  private void addPartitions() {
    var topic =
        cluster
            .log()
            .newest()
            .topicNamed(dice.chance(0.5) ? SimCluster.TOPIC_NAME : SimCluster.OTHER_NAME);
    int total = topic.orElseThrow().partitions().size() + 1 + dice.below(2);
    if (total <= PARTITIONS_MAX) {
      count("given more partitions");
      var command = new AddPartitions(topic.get().id(), total, dice.nextLong());
      cluster
          .node(1 + dice.below(cluster.scenario().nodes()))
          .process()
          .filter(process -> process.isRunning() && process.registered().isPresent())
          .ifPresent(process ->
              cluster.controller().submit(process.node(), process.envelope(command), _ -> {}));
    }
  }

  /** Nothing breaks any more: who stands still wakes, and of each group somebody lives. */
  void heal() {
    healedMillis = trueMillis();
    for (int place = 0; place < places.size(); place++) {
      places.get(place).ifPresent(SimCrowd::resume);
    }
    for (int i = 0; i < groups.size(); i++) {
      var ofGroup = places.subList(i * plan.members(), (i + 1) * plan.members());
      boolean livesOn =
          ofGroup.stream()
              .flatMap(Optional::stream)
              .anyMatch(member -> member.isAlive() && !member.isLeaving());
      if (!livesOn) {
        start(i * plan.members());
      }
    }
  }

  /** What has not come to rest. */
  Optional<Violation> whatIsMissing() {
    for (var member :
        places.stream().flatMap(Optional::stream).filter(SimMember::isAlive).toList()) {
      if (member.isLeaving() || !member.hasReadAll()) {
        return Optional.of(
            new Violation("Settles", member.simGroup().log(), "still at work is " + member));
      }
    }
    return new Settles(scene()).whatIsMissing();
  }

  /** Nobody does anything any more. */
  void end() {
    if (plan.areThere()) {
      watch.end();
    }
  }

  // ---- what is so

  /** The image that holds now. */
  void decided(ClusterImage image) {
    if (plan.areThere()) {
      image.partitionIds().forEach(scene()::created);
    }
  }

  /** How many numbers of the partition there are: they come by themselves, until all is healed. */
  @Override
  public long numbers(PartitionId partition) {
    return (Math.min(trueMillis(), healedMillis) - scene().createdMillis(partition))
        / NUMBER_MILLIS;
  }

  @Override
  public long trueMillis() {
    return world.nowMillis();
  }

  @Override
  public ClusterImage newest() {
    return cluster.log().newest();
  }

  @Override
  public long retentionMillis() {
    return plan.retentionMillis();
  }

  @Override
  public boolean readsFromStart(String group) {
    return groups.stream().anyMatch(each -> each.name().equals(group) && each.readsFromStart());
  }
}
