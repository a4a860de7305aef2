package dev.naru.metadata.liveness;

import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * How long a partition that could go on has waited for nodes that may have more (step 20). Each has
 * its own time, from when it was first seen to be waited for: so one that comes back late has all
 * of it, and who comes and goes beside it neither takes of it nor adds to it. A new process begins
 * anew. All together have a limit, so that nodes that come and go hold nothing up for ever.
 *
 * <p>No wait begins before somebody could lead: what a node did while nobody could says little of
 * how soon it answers once it matters.
 *
 * @param silent since when nodes are there and say nothing
 * @param ahead since when nodes have more than whoever could lead, but not all of it on their disks
 * @param heldNanos for how long in sum the partition has waited though somebody could lead
 * @param heldAtNanos when it was last seen to do so; empty if it does not
 */
record Patience(
    TreePMap<NodeId, Since> silent,
    TreePMap<NodeId, Since> ahead,
    long heldNanos,
    OptionalLong heldAtNanos) {

  static final Patience FRESH =
      new Patience(TreePMap.empty(), TreePMap.empty(), 0, OptionalLong.empty());

  /** For one that says nothing: an image is there sooner, and so is an answer. */
  static final long ANSWER_NANOS_MAX = 2_000_000_000L;

  /** For one whose log is not on its disk; the slowest disks that still work are faster. */
  static final long FORCE_NANOS_MAX = 30_000_000_000L;

  /**
   * For one that has more on its disk, too, which may have been acknowledged. A force that takes
   * longer hangs: an operating system that has lost a disk says so earlier, and who would wait for
   * ever has {@code strict}.
   */
  static final long HANGING_NANOS_MAX = 120_000_000_000L;

  /**
   * For all in sum: one disk that hangs, and one more that is only seen towards the end of that.
   */
  static final long HELD_NANOS_MAX = 2 * HANGING_NANOS_MAX;

  /** When this was first true of this process of a node. */
  record Since(NodeEpoch epoch, long nanos) {}

  /** After a round has found this. */
  Patience looked(Findings found, long nowNanos) {
    var silentNow = found.silent();
    var aheadNow = found.ahead();
    if (found.best().isEmpty()) {
      return new Patience(
          kept(silent, found, silentNow::contains),
          kept(ahead, found, _ -> true),
          heldNanos,
          OptionalLong.empty());
    }
    var stillAhead =
        kept(ahead, found, node -> aheadNow.contains(node) || silentNow.contains(node));
    var next =
        new Patience(
            begun(kept(silent, found, silentNow::contains), found, silentNow, nowNanos),
            begun(stillAhead, found, aheadNow, nowNanos),
            heldAtNanos.isPresent() ? heldNanos + nowNanos - heldAtNanos.getAsLong() : heldNanos,
            OptionalLong.empty());
    return next.mustWait(found, nowNanos)
        ? new Patience(next.silent, next.ahead, next.heldNanos, OptionalLong.of(nowNanos))
        : next;
  }

  private static TreePMap<NodeId, Since> kept(
      TreePMap<NodeId, Since> known, Findings found, Predicate<NodeId> isStillSo) {
    var kept = known;
    for (var each : known.entrySet()) {
      boolean isSameProcess = each.getValue().epoch().equals(found.present().get(each.getKey()));
      if (!isSameProcess || !isStillSo.test(each.getKey())) {
        kept = kept.minus(each.getKey());
      }
    }
    return kept;
  }

  private static TreePMap<NodeId, Since> begun(
      TreePMap<NodeId, Since> known, Findings found, TreePSet<NodeId> nodes, long nowNanos) {
    var begun = known;
    for (var node : nodes) {
      var epoch = found.present().get(node);
      if (epoch != null && !known.containsKey(node)) { // else it was fenced since it answered
        begun = begun.plus(node, new Since(epoch, nowNanos));
      }
    }
    return begun;
  }

  private boolean mustWait(Findings found, long nowNanos) {
    return heldNanos < HELD_NANOS_MAX
        && (isWithin(ANSWER_NANOS_MAX, silent, found.silent(), nowNanos)
            || isWithin(FORCE_NANOS_MAX, ahead, found.ahead(), nowNanos)
            || isWithin(HANGING_NANOS_MAX, ahead, found.aheadOnDisk(), nowNanos));
  }

  private static boolean isWithin(
      long nanos, TreePMap<NodeId, Since> since, TreePSet<NodeId> nodes, long nowNanos) {
    return since.entrySet().stream()
        .anyMatch(
            each -> nodes.contains(each.getKey()) && nowNanos - each.getValue().nanos() < nanos);
  }

  /** Whether somebody could lead, and a better one is waited for. */
  boolean isHeld() {
    return heldAtNanos.isPresent();
  }

  /** The same, had the controller not stood still for so long. */
  Patience withoutPause(long pausedNanos) {
    return new Patience(
        later(silent, pausedNanos),
        later(ahead, pausedNanos),
        heldNanos,
        heldAtNanos.isPresent()
            ? OptionalLong.of(heldAtNanos.getAsLong() + pausedNanos)
            : OptionalLong.empty());
  }

  private static TreePMap<NodeId, Since> later(TreePMap<NodeId, Since> since, long nanos) {
    var later = since;
    for (var each : since.entrySet()) {
      var first = each.getValue();
      later = later.plus(each.getKey(), new Since(first.epoch(), first.nanos() + nanos));
    }
    return later;
  }
}
