package dev.naru.simulation;

import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.liveness.ElectionWaits;
import dev.naru.metadata.liveness.FencingRules;
import dev.naru.metadata.liveness.HeartbeatLedger;
import dev.naru.metadata.liveness.RecoveryRounds;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The active controller, wherever it is at the moment: what it heard of the nodes, what it submits
 * because of that, and the way of commands into the log. It moves when its node dies, stands still,
 * or is cut off from the other voters; then its soft state is lost, and so are some of the commands
 * under way.
 */
final class SimController {

  private static final long TICK_NANOS = 100 * World.MILLI;

  private final SimCluster cluster;
  private final World world;
  private final SimNet net;
  private final Dice dice;
  private final SimMetadataLog log;

  private Optional<Active> active = Optional.empty();
  private long inactiveSinceNanos;
  private long barredUntilNanos;
  private long electionNanos;

  /** One term of one node. */
  private static final class Active {
    final SimProcess process;
    HeartbeatLedger ledger;
    ElectionWaits waits = ElectionWaits.NONE;
    final RecoveryRounds recoveries = new RecoveryRounds();
    long imageSeen = -1;

    Active(SimProcess process, long nowNanos) {
      this.process = process;
      ledger = HeartbeatLedger.startingAt(nowNanos);
    }
  }

  SimController(SimCluster cluster, SimMetadataLog log, Dice dice) {
    this.cluster = cluster;
    this.world = cluster.world();
    this.net = cluster.net();
    this.log = log;
    this.dice = dice;
    electionNanos = electionTimeout();
    world.after(TICK_NANOS, this::tick);
  }

  private long electionTimeout() {
    return dice.between(300 * World.MILLI, 900 * World.MILLI);
  }

  Optional<Integer> node() {
    return active.map(each -> each.process.node());
  }

  /** Nobody decides for a while. */
  void bar(long nanos) {
    barredUntilNanos = world.nowNanos() + nanos;
    stepDown("barred");
  }

  private void stepDown(String why) {
    if (active.isPresent()) {
      world.trace().note(active.get().process.node(), "controller", "ends: " + why);
      active = Optional.empty();
      inactiveSinceNanos = world.nowNanos();
      electionNanos = electionTimeout();
    }
  }

  // ---- time

  private void tick() {
    world.after(TICK_NANOS, this::tick);
    if (active.isPresent() && !hasQuorum(active.get().process)) {
      stepDown("without a quorum");
    }
    if (active.isEmpty()) {
      elect();
    }
    active.ifPresent(this::act);
  }

  private void elect() {
    if (world.nowNanos() - inactiveSinceNanos < electionNanos
        || world.nowNanos() < barredUntilNanos) {
      return;
    }
    for (int voter = 1; voter <= cluster.scenario().voters(); voter++) {
      var process = cluster.node(voter).process();
      if (process.isPresent() && hasQuorum(process.get()) && dice.chance(0.7)) {
        world.trace().note(voter, "controller", "begins");
        active = Optional.of(new Active(process.get(), world.nowNanos()));
        return;
      }
    }
  }

  private boolean hasQuorum(SimProcess candidate) {
    if (!candidate.isRunning()) {
      return false;
    }
    int reached = 0;
    for (int voter = 1; voter <= cluster.scenario().voters(); voter++) {
      boolean isUp = cluster.node(voter).process().filter(SimProcess::isRunning).isPresent();
      if (isUp && net.areConnected(voter, candidate.node())) {
        reached++;
      }
    }
    return 2 * reached > cluster.scenario().voters();
  }

  private void act(Active now) {
    var image = log.newest();
    FencingRules.due(image, now.ledger, cluster.scenario().livenessNanos(), world.nowNanos())
        .forEach(this::submitOwn);
    for (var suspect : FencingRules.toProbe(image, now.ledger)) {
      probe(suspect);
    }
    if (now.imageSeen != log.end()) {
      now.imageSeen = log.end();
      now.waits = now.waits.seen(image, world.nowNanos());
      now.recoveries.seen(image, world.nowNanos());
    }
    now.waits.due(world.nowNanos()).forEach(this::submitOwn);
    now.recoveries
        .conclude(image, world.nowNanos())
        .ifPresent(command -> {
          now.recoveries.submitted(world.nowNanos());
          submit(now.process.node(), now.process.envelope(command), _ -> now.recoveries.settled());
        });
    now.recoveries
        .begin(image, world.nowNanos())
        .ifPresent(survey -> new SimSurvey(cluster).ask(now.process.node(), survey));
  }

  private void submitOwn(MetadataCommand command) {
    var self = active.orElseThrow().process;
    submit(self.node(), self.envelope(command), _ -> {});
  }

  // ---- what nodes say

  void heartbeat(NodeId node, NodeEpoch epoch, long appliedIndex, boolean wantsShutdown) {
    active.ifPresent(now ->
        now.ledger = now.ledger.heard(node, epoch, appliedIndex, wantsShutdown, world.nowNanos()));
  }

  /** What the answer to a heartbeat says to a node that wants to stop. */
  boolean mayShutDown(NodeId node) {
    return active.isPresent() && FencingRules.mayShutDown(log.newest(), node);
  }

  void streamBroke(NodeId node, NodeEpoch epoch) {
    active.ifPresent(now -> now.ledger = now.ledger.streamBroke(node, epoch));
  }

  private void probe(NodeId suspect) {
    int from = active.orElseThrow().process.node();
    net.datagram(
        from,
        suspect.value(),
        () -> {
          if (cluster.node(suspect.value()).process().isEmpty()) {
            net.datagram(suspect.value(), from, () -> onProbeRefused(suspect));
          }
        });
  }

  private void onProbeRefused(NodeId suspect) {
    active
        .flatMap(now -> FencingRules.onProbeRefused(log.newest(), now.ledger, suspect))
        .ifPresent(this::submitOwn);
  }

  // ---- commands

  /**
   * Sends a command; the outcome comes back, or it does not, and then it may have taken effect or
   * not.
   */
  void submit(int from, CommandEnvelope envelope, Consumer<Outcome> reply) {
    if (active.isEmpty()) {
      return;
    }
    int to = active.get().process.node();
    net.datagram(from, to, () -> arrived(to, from, envelope, reply));
  }

  private void arrived(int to, int from, CommandEnvelope envelope, Consumer<Outcome> reply) {
    var leader = active;
    if (leader.isEmpty() || leader.get().process.node() != to) {
      return;
    }
    world.after(
        dice.between(World.MILLI, 10 * World.MILLI),
        () -> {
          boolean stillLeads = active.equals(leader);
          if (stillLeads || dice.chance(0.5)) { // what a failed leader had sent may survive it
            var outcome = log.append(envelope);
            if (stillLeads && !dice.chance(0.05)) {
              net.datagram(to, from, () -> reply.accept(outcome));
            }
            deliverAgainSometimes(envelope);
          }
        });
  }

  private void deliverAgainSometimes(CommandEnvelope envelope) {
    if (dice.chance(0.05)) {
      world.after(dice.between(World.MILLI, World.SECOND), () -> log.append(envelope));
    }
  }
}
