package dev.naru.simulation;

import dev.naru.metadata.image.Flush;
import dev.naru.metadata.image.RecoveryMode;
import dev.naru.simulation.planted.Planted;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a seed decides before anything happens.
 *
 * @param voters the first so many nodes decide about metadata
 * @param windowBytes a follower's credit; in some worlds so small that one batch uses it up
 * @param upkeep which records go
 * @param rots whether bits of one node's disk change
 * @param recovery empty where no more breaks than some safe replica survives; else what happens to
 *     a partition that has none left
 * @param groups who consumes in groups
 * @param moves whether somebody moves replicas to other nodes, and drains nodes
 * @param lullNanos at the end of the faults, all is healed and so much time is given
 */
record Scenario(
    long seed,
    int nodes,
    int voters,
    int partitions,
    int replicationFactor,
    int minInsync,
    Flush flush,
    int segmentBytes,
    int windowBytes,
    long lagMaxNanos,
    long livenessNanos,
    long forceNanosMax,
    long applyNanosMax,
    long turnNanosMax,
    long delayNanosMax,
    long faultGapNanosMax,
    long faultyNanos,
    long lullNanos,
    Set<FaultKind> faults,
    Upkeep upkeep,
    boolean rots,
    Optional<RecoveryMode> recovery,
    Groups groups,
    boolean moves) {

  /**
   * So long that many inputs meet in one turn: batches and the image after which they are no longer
   * wanted. With a window of one batch as well, followers would never catch up.
   */
  private static final long SLOW_TURN_MICROS = 100_000;

  static Scenario of(long seed) {
    var dice = Dice.of(seed).named("scenario");
    int nodes = 3 + dice.below(3);
    int replicationFactor = dice.chance(0.9) ? 3 : 2;
    var flush = dice.chance(0.75) ? Flush.QUORUM : Flush.OS;
    long turnNanosMax = dice.pick(List.of(50L, 500L, 3_000L, SLOW_TURN_MICROS)) * World.MICRO;
    boolean hasTinyWindow = turnNanosMax < SLOW_TURN_MICROS * World.MICRO && dice.chance(0.4);
    return new Scenario(
        seed,
        nodes,
        3,
        1 + dice.below(4),
        replicationFactor,
        dice.chance(0.7) ? 2 : 1 + dice.below(replicationFactor),
        flush,
        dice.chance(0.5) ? 16_384 : 1 << 20,
        hasTinyWindow ? 100 : 64 << 10,
        (dice.chance(0.5) ? 1 : 6) * World.SECOND,
        dice.pick(List.of(400, 1_000, 3_000)) * World.MILLI,
        dice.pick(List.of(1, 5, 50)) * World.MILLI,
        dice.pick(List.of(1, 10, 300)) * World.MILLI,
        turnNanosMax,
        dice.pick(List.of(1, 1, 30)) * World.MILLI,
        dice.pick(List.of(300, 1_500)) * World.MILLI,
        8 * World.SECOND,
        60 * World.SECOND,
        faults(dice, flush),
        Upkeep.NONE,
        false,
        Optional.empty(),
        Groups.NONE,
        false);
  }

  /** What the seed decides in this world. */
  static Scenario of(long seed, Planted.World world) {
    var plain = of(seed);
    return switch (world) {
      case PLAIN -> plain;
      case ROTTEN -> plain.rotten();
      case RETAINING -> plain.retaining();
      case COMPACTING -> plain.compacting();
      case STORMY -> plain.stormy();
      case LOSING -> plain.losing();
      case GROUPS -> plain.grouped();
      case MOVING -> plain.moving();
    };
  }

  /** The world in which the seed has decided so. */
  Planted.World world() {
    if (groups.areThere()) {
      return Planted.World.GROUPS;
    }
    if (moves) {
      return Planted.World.MOVING;
    }
    if (recovery.isPresent()) {
      return Planted.World.LOSING;
    }
    if (rots) {
      return Planted.World.ROTTEN;
    }
    if (faults.contains(FaultKind.REPLICATION_CUT)) {
      return Planted.World.STORMY;
    }
    if (upkeep.isOn()) {
      return upkeep.compacts() ? Planted.World.COMPACTING : Planted.World.RETAINING;
    }
    return Planted.World.PLAIN;
  }

  /**
   * The same, but the disk of one node forgets bits. That nothing is lost then is promised where
   * two replicas at least have all that is acknowledged, on their platters.
   */
  Scenario rotten() {
    return new Scenario(
        seed,
        nodes,
        voters,
        partitions,
        3,
        2,
        Flush.QUORUM,
        16_384, // the least there is, so that logs roll
        windowBytes,
        lagMaxNanos,
        livenessNanos,
        forceNanosMax,
        applyNanosMax,
        turnNanosMax,
        delayNanosMax,
        faultGapNanosMax,
        faultyNanos,
        lullNanos,
        faults,
        Upkeep.NONE,
        true,
        Optional.empty(),
        Groups.NONE,
        false);
  }

  /** The same, but old records go, and the wall clocks of machines jump. */
  Scenario retaining() {
    return with(Upkeep.retaining(Dice.of(seed).named("upkeep")), withJumps());
  }

  /** The same, but only the newest record of each key stays, and the wall clocks jump. */
  Scenario compacting() {
    return with(Upkeep.compacting(Dice.of(seed).named("upkeep")), withJumps());
  }

  /**
   * The same, but with partitions enough for each node to lead several, and the replicas of one
   * node after the other are cut off while all else of it works; in half of the worlds nothing else
   * breaks.
   */
  Scenario stormy() {
    var dice = Dice.of(seed).named("storm");
    var cuts = EnumSet.of(FaultKind.REPLICATION_CUT);
    if (dice.chance(0.5)) {
      cuts.addAll(faults);
    }
    return new Scenario(
        seed,
        nodes,
        voters,
        3 * nodes + dice.below(4),
        3,
        2,
        flush,
        segmentBytes,
        64 << 10,
        World.SECOND,
        livenessNanos,
        forceNanosMax,
        applyNanosMax,
        Math.min(turnNanosMax, 3 * World.MILLI),
        delayNanosMax,
        faultGapNanosMax,
        16 * World.SECOND,
        lullNanos,
        cuts,
        Upkeep.NONE,
        false,
        Optional.empty(),
        Groups.NONE,
        false);
  }

  /**
   * The same, but more breaks than any safe replica survives: the power of all goes with flush=os,
   * and leaders die that were alone in their ISRs. Then what is left leads, by the topic's recovery
   * mode or by an operator's choice. In some worlds records are deleted on request besides, so that
   * logs begin where others have ended, and in some the disk of one node forgets bits.
   */
  Scenario losing() {
    var dice = Dice.of(seed).named("losing");
    var more = EnumSet.of(FaultKind.KILL, FaultKind.POWER_LOSS, FaultKind.POWER_LOSS_OF_ALL);
    more.addAll(faults);
    int minInsyncThere = 1 + dice.below(2);
    var flushThere = dice.chance(0.6) ? Flush.OS : Flush.QUORUM;
    var mode = dice.pick(List.of(RecoveryMode.values()));
    boolean deletes = dice.chance(0.5);
    boolean forgets = dice.chance(0.3);
    return new Scenario(
        seed,
        nodes,
        voters,
        partitions,
        3,
        minInsyncThere,
        flushThere,
        deletes || forgets ? 16_384 : segmentBytes, // the least there is, so that logs roll
        windowBytes,
        lagMaxNanos,
        livenessNanos,
        forceNanosMax,
        applyNanosMax,
        turnNanosMax,
        delayNanosMax,
        faultGapNanosMax,
        12 * World.SECOND,
        lullNanos,
        more,
        deletes ? Upkeep.deletingOnRequest() : Upkeep.NONE,
        forgets,
        Optional.of(mode),
        Groups.NONE,
        false);
  }

  /**
   * The same, but nobody produces: members of groups come, go, stand still and die, and read
   * numbers that nobody stores, while the nodes that coordinate them break.
   */
  Scenario grouped() {
    var dice = Dice.of(seed).named("groups");
    var chosen = Groups.of(dice);
    return new Scenario(
        seed,
        nodes,
        voters,
        1 + dice.below(5),
        3,
        2,
        Flush.QUORUM,
        16_384, // the least there is, so that logs roll
        64 << 10,
        lagMaxNanos,
        livenessNanos,
        forceNanosMax,
        applyNanosMax,
        turnNanosMax,
        delayNanosMax,
        faultGapNanosMax,
        16 * World.SECOND,
        lullNanos,
        faults,
        chosen.compacts() ? Upkeep.compactingGroups(dice) : Upkeep.NONE,
        false,
        Optional.empty(),
        chosen,
        false);
  }

  /**
   * The same, but there are nodes to spare, and somebody moves replicas between them, drains some,
   * and changes his mind. In some worlds more breaks than any safe replica survives, as in {@link
   * #losing}.
   */
  Scenario moving() {
    var dice = Dice.of(seed).named("moving");
    boolean loses = dice.chance(0.3);
    var mode = dice.pick(List.of(RecoveryMode.values()));
    var all = EnumSet.noneOf(FaultKind.class);
    all.addAll(faults);
    if (loses) {
      all.addAll(Set.of(FaultKind.KILL, FaultKind.POWER_LOSS, FaultKind.POWER_LOSS_OF_ALL));
    }
    return new Scenario(
        seed,
        Math.max(4, nodes),
        voters,
        partitions,
        replicationFactor,
        minInsync,
        flush,
        segmentBytes,
        windowBytes,
        lagMaxNanos,
        livenessNanos,
        forceNanosMax,
        applyNanosMax,
        turnNanosMax,
        delayNanosMax,
        faultGapNanosMax,
        12 * World.SECOND,
        lullNanos,
        all,
        Upkeep.NONE,
        false,
        loses ? Optional.of(mode) : Optional.empty(),
        Groups.NONE,
        true);
  }

  /** So slow in some worlds that a move takes a while. */
  long movedBytesPerSecond() {
    return moves && Dice.of(seed).named("pace").chance(0.5) ? 20_000 : 50 << 20;
  }

  /** How long a partition waits for a safe replica in a world where that is bounded. */
  long recoveryWaitMillis() {
    return Dice.of(seed).named("wait").between(200, 2_200);
  }

  /** Whether nothing but this ever happens. */
  boolean breaksOnly(FaultKind kind) {
    return faults.equals(EnumSet.of(kind));
  }

  private Set<FaultKind> withJumps() {
    var more = EnumSet.of(FaultKind.CLOCK_JUMP);
    more.addAll(faults);
    return more;
  }

  private Scenario with(Upkeep chosen, Set<FaultKind> chosenFaults) {
    return new Scenario(
        seed,
        nodes,
        voters,
        partitions,
        replicationFactor,
        minInsync,
        flush,
        16_384, // the least there is, so that logs roll
        windowBytes,
        lagMaxNanos,
        livenessNanos,
        forceNanosMax,
        applyNanosMax,
        turnNanosMax,
        delayNanosMax,
        faultGapNanosMax,
        faultyNanos,
        lullNanos,
        chosenFaults,
        chosen,
        false,
        Optional.empty(),
        Groups.NONE,
        false);
  }

  /**
   * With flush=os the page cache counts, so what is acknowledged survives only so many power cuts
   * as leave one of the replicas that took it.
   */
  int powerLossesMax() {
    return flush == Flush.OS && recovery.isEmpty() ? minInsync - 1 : Integer.MAX_VALUE;
  }

  private static Set<FaultKind> faults(Dice dice, Flush flush) {
    var chosen = EnumSet.noneOf(FaultKind.class);
    var possible = new ArrayList<>(List.of(FaultKind.values()));
    possible.remove(FaultKind.CLOCK_JUMP);
    possible.remove(FaultKind.REPLICATION_CUT);
    if (flush == Flush.OS) {
      possible.remove(FaultKind.POWER_LOSS_OF_ALL);
    }
    for (var kind : possible) {
      if (dice.chance(0.6)) {
        chosen.add(kind);
      }
    }
    return chosen;
  }
}
