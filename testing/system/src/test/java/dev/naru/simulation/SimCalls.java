package dev.naru.simulation;

import dev.naru.broker.coordinator.ShardInput;
import dev.naru.broker.coordinator.ShardInput.CommitAnswer;
import dev.naru.broker.coordinator.ShardInput.CommitAsked;
import dev.naru.broker.coordinator.ShardInput.Commits;
import dev.naru.broker.coordinator.ShardInput.ImagesAnswer;
import dev.naru.broker.coordinator.ShardInput.ImagesAsked;
import dev.naru.broker.coordinator.ShardInput.OffsetsAnswer;
import dev.naru.broker.coordinator.ShardInput.OffsetsAsked;
import dev.naru.simulation.invariant.GroupWatch;
import dev.naru.simulation.invariant.ImagesSeen;
import dev.naru.simulation.invariant.OffsetsSeen;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Calls about groups, each of which, or its answer, may get lost: commits of members, and the
 * questions of somebody who wants to know now and then what groups have committed, and how they
 * are.
 */
final class SimCalls {

  private static final long ASK_NANOS_MAX = 600 * World.MILLI;

  private final SimCluster cluster;
  private final World world;
  private final GroupWatch watch;
  private final Dice dice;
  private List<SimGroup> groups = List.of();

  SimCalls(SimCluster cluster, GroupWatch watch, Dice dice) {
    this.cluster = cluster;
    this.world = cluster.world();
    this.watch = watch;
    this.dice = dice;
  }

  /** From now on somebody asks about these. */
  void begin(List<SimGroup> asked) {
    groups = asked;
    world.after(dice.between(0, ASK_NANOS_MAX), this::askAround);
  }

  /** A coordinator has said something that it must know. */
  void answered(SimProcess process, PartitionId log) {
    var coordinator = process.shards().coordinator(log);
    watch.ask(each -> each.answered(watch.scene(), coordinator));
  }

  void commit(SimMember member, Commits commits, Consumer<CommitAnswer> answer) {
    int to = member.link().coordinator();
    call(
        member.client(),
        to,
        member.simGroup().log(),
        (process, reply) ->
            new CommitAsked(
                commits,
                said -> {
                  if (said instanceof CommitAnswer.Kept) {
                    answered(process, member.simGroup().log());
                  }
                  reply.accept(() -> member.asSoonAsRunning(() -> answer.accept(said)));
                }));
  }

  /** What a call comes to at a process; what it answers goes back to where it came from. */
  private interface Call {
    ShardInput at(SimProcess process, Consumer<Runnable> reply);
  }

  private void call(int from, int to, PartitionId log, Call call) {
    if (to == 0) {
      return;
    }
    var net = cluster.net();
    net.datagram(
        from,
        to,
        () ->
            cluster
                .node(to)
                .process()
                .ifPresent(process ->
                    process.asSoonAsRunning(() ->
                        process
                            .attendance()
                            .ask(log, call.at(process, reply -> net.datagram(to, from, reply))))));
  }

  private void askAround() {
    world.after(dice.between(20 * World.MILLI, ASK_NANOS_MAX), this::askAround);
    if (!cluster.isHealed()) {
      var group = dice.pick(groups);
      int node = 1 + dice.below(cluster.scenario().nodes());
      int leader =
          cluster
              .log()
              .newest()
              .partition(group.log())
              .flatMap(entry -> entry.leader())
              .map(one -> one.value())
              .orElse(node);
      int to = dice.chance(0.7) ? leader : node;
      if (dice.chance(0.6)) {
        askForOffsets(group, to);
      } else {
        askForImages(group, to);
      }
    }
  }

  private void askForOffsets(SimGroup group, int to) {
    var atLeast = watch.scene().acknowledged(group.name());
    call(
        Workload.clientNumber(cluster.workload().clients()),
        to,
        group.log(),
        (process, _) ->
            new OffsetsAsked(
                group.name(),
                Optional.empty(),
                answer -> {
                  if (answer instanceof OffsetsAnswer.Found(var offsets)) {
                    answered(process, group.log());
                    cluster.tally().count("offsets told");
                    var notes = new TreeMap<PartitionId, String>();
                    offsets.forEach((partition, at) -> notes.put(partition, at.metadata()));
                    var seen = new OffsetsSeen(group.name(), atLeast, notes);
                    world.after(0, () -> watch.ask(each -> each.found(watch.scene(), seen)));
                  }
                }));
  }

  private void askForImages(SimGroup group, int to) {
    long askedAt = watch.scene().taken();
    call(
        Workload.clientNumber(cluster.workload().clients()),
        to,
        group.log(),
        (process, _) ->
            new ImagesAsked(
                Optional.empty(),
                answer -> {
                  if (answer instanceof ImagesAnswer.Found(var images)) {
                    answered(process, group.log());
                    cluster.tally().count("groups shown");
                    var seen = new ImagesSeen(group.log(), askedAt, images);
                    world.after(0, () -> watch.ask(each -> each.shown(watch.scene(), seen)));
                  }
                }));
  }
}
