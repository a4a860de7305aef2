package dev.naru.metadata.balance;

import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Evens out what nodes hold, by one replica after the other. Partitions that use fewer racks than
 * they could are mended first, for which alone a plan may make nodes less even: a rack that fails
 * takes all copies. Then gaps are narrowed, which ends, as each step leaves less to narrow; and at
 * last it is dealt out who leads what moves.
 *
 * <p>{@link RackMending} and {@link GapNarrowing} find the steps. Here they are taken, as long as
 * the request and {@link Effort} allow, and told.
 */
final class DataPlan {

  /** A partition takes one step, seldom two; whatever happens, it ends. */
  private static final int STEPS_PER_PARTITION_MAX = 10;

  private final Ground ground;
  private final RebalanceRequest request;
  private final Measured measured;
  private final Effort effort;
  private final Holdings holdings;
  private final RackMending mending;
  private final GapNarrowing narrowing;
  private final TreeMap<PartitionId, Movable> changed = new TreeMap<>();
  private final TreeMap<PartitionId, String> reasons = new TreeMap<>();
  private int stepsLeft;
  private boolean isFull; // no more partitions may change

  private DataPlan(Ground ground, Measured measured, RebalanceRequest request, Effort effort) {
    this.ground = ground;
    this.request = request;
    this.measured = measured;
    this.effort = effort;
    this.holdings = new Holdings(ground, measured, request.aim() == RebalanceAim.DISK);
    this.mending = new RackMending(ground, holdings, effort);
    this.narrowing = new GapNarrowing(ground, holdings, effort);
    this.stepsLeft = STEPS_PER_PARTITION_MAX * request.partitionsMax();
  }

  /**
   * The plan.
   *
   * @param dealing bounds who leads what moves
   */
  static Draft make(
      Ground ground, Measured measured, RebalanceRequest request, Effort effort, Effort dealing) {
    var plan = new DataPlan(ground, measured, request, effort);
    plan.takeSteps();
    LeaderDealing.deal(ground, plan.changed, dealing);
    return plan.draft();
  }

  // ---- steps

  private void takeSteps() {
    boolean isNews = true;
    while (isNews && !isEnded()) {
      boolean isMended = mendAll();
      boolean isNarrowed = narrowAll();
      isNews = isMended || isNarrowed;
    }
  }

  private boolean isEnded() {
    return isFull || effort.isOver();
  }

  private boolean mendAll() {
    boolean isMended = false;
    for (var partition : mending.begin()) {
      if (isEnded()) {
        break;
      }
      var step = mending.step(partition);
      isMended |= step.isPresent() && take(step.get());
    }
    return isMended;
  }

  private boolean narrowAll() {
    boolean isNarrowed = false;
    var step = narrowing.step();
    while (step.isPresent() && !effort.isOver() && take(step.get())) {
      isNarrowed = true;
      step = narrowing.step();
    }
    return isNarrowed;
  }

  /** Whether it was taken: not if too many partitions change already. */
  private boolean take(Step step) {
    var partition = step.partition();
    boolean isNew = !changed.containsKey(partition.id);
    if ((isNew && changed.size() >= request.partitionsMax()) || stepsLeft == 0) {
      isFull = true;
      return false;
    }
    stepsLeft--;
    if (isNew) {
      reasons.put(partition.id, reason(step));
    }
    holdings.move(partition, step.from(), step.to());
    if (partition.isChanged()) {
      changed.put(partition.id, partition);
    } else {
      changed.remove(partition.id);
    }
    return true;
  }

  // ---- what is said of it

  private String reason(Step step) {
    return switch (step) {
      case Step.Mends(_, var from, var to) ->
          ground.rackOf(from.node())
              + " has two replicas, and "
              + ground.rackOf(to.node())
              + " none";
      case Step.Narrows(_, var from, var to, _) ->
          "node %s %s, node %s %s".formatted(from.node(), inWords(from), to.node(), inWords(to));
    };
  }

  private String inWords(Holder holder) {
    return request.aim() == RebalanceAim.DISK
        ? "uses " + Amounts.percent(holder.full()) + " of its disks"
        : "counts " + Amounts.bytes((long) holder.load());
  }

  private Draft draft() {
    return new Draft(
        changed.values().stream().map(this::change).toList(),
        notes(),
        isFull || effort.isOver() || isRoomLater());
  }

  private PlannedChange change(Movable partition) {
    var entry = ground.entry(partition.id);
    return new PlannedChange(
        partition.id,
        entry.partitionEpoch(),
        partition.goal,
        partition.planned(),
        entry.leader(),
        partition.copies() * measured.bytes().getOrDefault(partition.id, 0L),
        Optional.ofNullable(reasons.get(partition.id)).orElseThrow());
  }

  /** Whether a step would be possible once the others have been carried out. */
  private boolean isRoomLater() {
    return mending.isRoomLater() || narrowing.isRoomLater();
  }

  private List<String> notes() {
    var notes = new ArrayList<String>();
    if (effort.isOver()) {
      notes.add(Draft.CUT_BY_EFFORT);
    } else if (isRoomLater()) {
      notes.add("disks have no room for more before this is done: carry it out, and plan again");
    }
    var silent = silent();
    if (!silent.isEmpty()) {
      notes.add("did not say how full they are: nodes " + silent);
    }
    ground
        .note(holdings.notInSync(), "left out, as not all replicas are in sync")
        .ifPresent(notes::add);
    ground
        .note(holdings.unmeasured(), "left out, as nobody said how large they are")
        .ifPresent(notes::add);
    ground
        .note(
            mending.crowded().stream().map(partition -> partition.id).toList(),
            "use fewer racks than they could, and no node has room for a replica")
        .ifPresent(notes::add);
    return notes;
  }

  /** Nodes that told nothing of their disks, by id. */
  private List<NodeId> silent() {
    return ground.members().keySet().stream()
        .filter(node -> !measured.disks().containsKey(node))
        .toList();
  }
}
