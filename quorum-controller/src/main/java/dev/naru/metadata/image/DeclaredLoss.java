package dev.naru.metadata.image;

import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import org.pcollections.TreePSet;

/**
 * What was given up when a replica became the leader that was not known to hold every committed
 * record: what other replicas hold at or above {@code from}, of epochs before that leader's.
 *
 * <p>Exact means: nothing outside of the range can have been acknowledged and be lost. That is
 * known once a replica that holds every committed record has said where its log ends. Until then,
 * and for ever if there is no such replica, the loss is at least this range, and may reach further.
 *
 * @param leaderEpoch under which the chosen one began to lead
 * @param kept the log of the chosen one at that moment
 * @param from the first offset that may be lost; below the end of what was kept if leaders came
 *     after the last one that the chosen replica has records of: they may have overwritten what it
 *     holds
 * @param to the greatest end known of what is lost; the range ends before it
 * @param unheard replicas that hold every committed record, and have not said yet where they end
 */
public record DeclaredLoss(
    LeaderEpoch leaderEpoch,
    LogEnd kept,
    long from,
    long to,
    boolean isExact,
    TreePSet<NodeId> unheard,
    LossCause cause) {

  /** Refuses a range that is none. */
  public DeclaredLoss {
    if (from < 0 || from > kept.end() || to < from) {
      throw new IllegalArgumentException(
          "Expected 0 <= from <= kept end %d and from <= to, but was [%d, %d)"
              .formatted(kept.end(), from, to));
    }
  }

  /** Whether it is known that nothing was lost after all. */
  public boolean isNothing() {
    return isExact && from == to;
  }

  /** Whether this much, of epochs before the leader's, has been announced as lost. */
  public boolean covers(long cutFrom, long cutTo) {
    return cutFrom >= from && (isExact || cutTo <= to);
  }

  /**
   * Whether what is kept ends where the loss begins: nobody can have overwritten it. Then logs of
   * an earlier epoch hold nothing committed that was not kept.
   */
  public boolean isCutClean() {
    return from == kept.end();
  }

  /**
   * The same, after a replica that holds every committed record has said how far its log reaches.
   *
   * <p>A log that ends in the leader's epoch or a later one is no longer what the replica held: it
   * has been accepted, and has copied. What it had to cut before, it announced; so it says as much
   * as one that joins.
   */
  public DeclaredLoss heard(NodeId node, LogEnd log) {
    if (isExact || !unheard.contains(node)) {
      return this;
    }
    if (!log.isBefore(leaderEpoch)) {
      return joinedBy(node);
    }
    if (!isCutClean()) { // where the logs part cannot be told from their ends
      return with(from, Math.max(to, log.end()), false, unheard.minus(node));
    }
    long end = log.isOfEarlierEpoch(kept) ? from : Math.max(from, log.end());
    return with(from, end, true, TreePSet.empty());
  }

  /**
   * The same, after a replica has joined an ISR without having said anything: what it held is kept,
   * or within the range, or it would have had to announce what it cut.
   */
  public DeclaredLoss joinedBy(NodeId node) {
    return isExact || !unheard.contains(node)
        ? this
        : with(from, to, isCutClean(), isCutClean() ? TreePSet.empty() : unheard.minus(node));
  }

  /** The same, after a replica has said what it would have to cut. */
  public DeclaredLoss extended(NodeId node, LogEnd log, long cutFrom) {
    if (isExact) {
      return this;
    }
    if (unheard.contains(node) && isCutClean() && cutFrom >= from) {
      return heard(node, log);
    }
    return with(Math.min(from, cutFrom), Math.max(to, log.end()), false, unheard.minus(node));
  }

  /** The same; this replica will never say anything that counts. */
  public DeclaredLoss withoutHopeOf(NodeId node) {
    return with(from, to, isExact, unheard.minus(node));
  }

  /** Whether it is the same range, known as well; of whom more may be heard may differ. */
  public boolean saysTheSameAs(DeclaredLoss other) {
    return leaderEpoch.equals(other.leaderEpoch)
        && from == other.from
        && to == other.to
        && isExact == other.isExact;
  }

  /** One in place of two, of which this is the later. */
  DeclaredLoss mergedWith(DeclaredLoss earlier) {
    return with(Math.min(from, earlier.from), Math.max(to, earlier.to), false, unheard);
  }

  /**
   * The same, which is all that is left of an earlier one that began no lower. What that one did
   * not know, nobody will learn.
   */
  DeclaredLoss inPlaceOf(DeclaredLoss earlier) {
    return earlier.isExact ? this : with(from, Math.max(to, earlier.to), false, TreePSet.empty());
  }

  private DeclaredLoss with(long newFrom, long newTo, boolean exact, TreePSet<NodeId> waited) {
    return new DeclaredLoss(leaderEpoch, kept, newFrom, newTo, exact, waited, cause);
  }

  @Override
  public String toString() {
    return "%s [%d, %d) of epochs before %s"
        .formatted(isExact ? "exactly" : "at least", from, to, leaderEpoch);
  }
}
