package dev.naru.metadata.image;

import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import java.util.Optional;
import org.pcollections.TreePSet;

/**
 * What was given up when a replica became the leader that was not known to hold every committed
 * record: what other replicas hold at or above {@code from}, of epochs before that leader's.
 *
 * <p>Exact means: nothing outside of the range can have been acknowledged and be lost. That is
 * known once all replicas that held every committed record have said where their logs end. One
 * would do, were it not for a disk that has torn off the end of such a log: so it is the furthest
 * of them all that counts. Until then, and for ever if one of them can say nothing any more, the
 * loss is at least this range, and may reach further.
 *
 * <p>A range never becomes smaller: a replica may have cut on the strength of it.
 *
 * @param leaderEpoch under which the chosen one began to lead
 * @param kept the log of the chosen one at that moment
 * @param from the first offset that may be lost; below the end of what was kept if leaders came
 *     after the last one that the chosen replica has records of: they may have overwritten what it
 *     holds
 * @param declared what is declared; it ends where the furthest ends that is known of what is lost.
 *     It begins above {@code from} only if an earlier loss is no longer told apart from this one,
 *     which began there: a log from before that one may have to be cut so far, but says so first
 * @param announced what lies below the declared range and was announced since, of logs from before
 *     an earlier loss that is no longer told apart from this one: declared as well
 * @param unheard replicas that held every committed record, and have not said yet where they end;
 *     empty if it is exact, and if it can never be
 * @param passedOver replicas that were there and had more than was kept, but whose disks took too
 *     long: nobody waited longer
 */
public record DeclaredLoss(
    LeaderEpoch leaderEpoch,
    LogEnd kept,
    long from,
    OffsetRange declared,
    Optional<OffsetRange> announced,
    boolean isExact,
    TreePSet<NodeId> unheard,
    TreePSet<NodeId> passedOver,
    LossCause cause) {

  /** One that is told apart from all others. */
  public DeclaredLoss(
      LeaderEpoch leaderEpoch,
      LogEnd kept,
      long from,
      long to,
      boolean isExact,
      TreePSet<NodeId> unheard,
      LossCause cause) {
    this(
        leaderEpoch,
        kept,
        from,
        new OffsetRange(from, to),
        Optional.empty(),
        isExact,
        unheard,
        TreePSet.empty(),
        cause);
  }

  /** Refuses ranges that contradict each other. */
  public DeclaredLoss {
    if (from < 0 || from > kept.end() || declared.from() < from) {
      throw new IllegalArgumentException(
          "Expected 0 <= from <= kept end %s, and nothing declared below that, but was from %s, declared %s"
              .formatted(kept.end(), from, declared));
    }
    if (announced
        .filter(range -> range.isEmpty() || range.from() < from || range.to() >= declared.from())
        .isPresent()) {
      throw new IllegalArgumentException(
          "Expected what was announced between %s and %s, and apart from it, but was %s"
              .formatted(from, declared.from(), announced.get()));
    }
  }

  /** Where the furthest ends that is known of what is lost. */
  public long to() {
    return declared.to();
  }

  /** Whether it is known that nothing was lost after all. */
  public boolean isNothing() {
    return isExact && from == to();
  }

  /** How many offsets are declared. */
  public long offsets() {
    return declared.count() + announced.map(OffsetRange::count).orElse(0L);
  }

  /** Whether this much, of epochs before the leader's, has been announced as lost. */
  public boolean covers(long cutFrom, long cutTo) {
    return declared.holds(cutFrom, cutTo)
        || (isExact && cutFrom >= declared.from())
        || announced.filter(range -> range.holds(cutFrom, cutTo)).isPresent();
  }

  /**
   * Whether what is kept ends where the loss begins: nobody can have overwritten it. Then logs of
   * an earlier epoch hold nothing committed that was not kept.
   */
  public boolean isCutClean() {
    return from == kept.end();
  }

  /**
   * Whether a log that ends so is a part of what was kept: one leader wrote its last epoch, and
   * what was kept reaches as far in that. Then nothing of it is lost by this.
   */
  public boolean hasKept(LogEnd log) {
    return log.lastEpoch().equals(kept.lastEpoch()) && log.end() <= kept.end();
  }

  /**
   * The same, after a replica that holds every committed record has said how far its log reaches.
   *
   * <p>A log that ends in the leader's epoch or a later one is no longer what the replica held: it
   * has been accepted, and has copied. What it had to cut before, it announced; so it says as much
   * as one that joins.
   */
  public DeclaredLoss heard(NodeId node, LogEnd log) {
    boolean isNews = log.isBefore(leaderEpoch) && !isAllKeptOf(log);
    return saidBy(node, isNews ? log.end() : to());
  }

  /**
   * The same, after a replica has joined an ISR without having said anything: what it held is kept,
   * or within the range, or it would have had to announce what it cut.
   */
  public DeclaredLoss joinedBy(NodeId node) {
    return saidBy(node, to());
  }

  /** The same, after a replica has said what it would have to cut. */
  public DeclaredLoss extended(NodeId node, LogEnd log, long cutFrom) {
    if (isExact || (unheard.contains(node) && isAllKeptOf(log))) {
      return heard(node, log);
    }
    boolean isApart = log.end() < declared.from();
    var wider =
        isApart
            ? withAnnounced(cutFrom, log.end())
            : withDeclaredDownTo(cutFrom).withDeclaredUpTo(log.end());
    return wider.saidBy(node, log.end());
  }

  /** What lies between this and what is declared is nobody's loss, as far as is known. */
  private DeclaredLoss withAnnounced(long cutFrom, long cutTo) {
    if (cutFrom == cutTo) {
      return this;
    }
    var range = new OffsetRange(cutFrom, cutTo);
    var all = announced.map(range::hull).orElse(range);
    return withRanges(Math.min(from, cutFrom), declared, Optional.of(all));
  }

  /** The range begins lower, and takes in what it meets. */
  private DeclaredLoss withDeclaredDownTo(long cutFrom) {
    long begin = Math.min(declared.from(), cutFrom);
    var met = announced.filter(range -> range.to() >= begin);
    var wider = new OffsetRange(begin, to());
    return withRanges(
        Math.min(from, cutFrom),
        met.map(wider::hull).orElse(wider),
        met.isPresent() ? Optional.empty() : announced);
  }

  private DeclaredLoss withDeclaredUpTo(long end) {
    var wider = new OffsetRange(declared.from(), Math.max(to(), end));
    return withRanges(from, wider, announced);
  }

  /**
   * The same; this replica will never say anything that counts. So it can never be known how far
   * the furthest of them reached, and the others need not be waited for.
   */
  public DeclaredLoss withoutHopeOf(NodeId node) {
    return unheard.contains(node) ? withKnown(isExact, TreePSet.empty()) : this;
  }

  /** The same, for which nobody waited any longer for these. */
  public DeclaredLoss withPassedOver(TreePSet<NodeId> nodes) {
    return new DeclaredLoss(
        leaderEpoch, kept, from, declared, announced, isExact, unheard, nodes, cause);
  }

  /** The last one of them to speak makes it exact, unless it is not sure where the loss begins. */
  private DeclaredLoss saidBy(NodeId node, long end) {
    if (isExact || !unheard.contains(node)) {
      return this;
    }
    var others = unheard.minus(node);
    boolean isKnown = others.isEmpty() && isCutClean();
    return withDeclaredUpTo(end).withKnown(isKnown, others);
  }

  /**
   * A log that ends before the epoch of what was kept holds nothing committed that was not kept.
   */
  private boolean isAllKeptOf(LogEnd log) {
    return isCutClean() && log.isOfEarlierEpoch(kept);
  }

  /** Whether all that it tells of the range the other one told as well. */
  public boolean saysNoMoreThan(DeclaredLoss other) {
    return leaderEpoch.equals(other.leaderEpoch)
        && declared.equals(other.declared)
        && announced.equals(other.announced)
        && (!isExact || other.isExact);
  }

  /** Whether that earlier one, if it is gone, lives on in this. */
  boolean hasTaken(DeclaredLoss earlier) {
    return earlier.leaderEpoch.isBefore(leaderEpoch) && from <= earlier.from;
  }

  /**
   * One in place of two, of which this is the later. It declares what this one does and not what
   * lies between the two, nor what the earlier one did, which was told. Whatever is cut in between
   * must be announced, for nobody can tell any more of which of them it is.
   */
  DeclaredLoss withoutTellingApart(DeclaredLoss earlier) {
    return withRanges(earlier.from, declared, announced).withKnown(false, unheard);
  }

  /**
   * The same, which is all that is left of an earlier one that began no lower: it declares all that
   * this one did as well. What that one did not know, nobody will learn.
   */
  DeclaredLoss inPlaceOf(DeclaredLoss earlier) {
    var both = withAlso(earlier.declared);
    if (earlier.announced.isPresent()) {
      both = both.withAlso(earlier.announced.get());
    }
    return both.withKnown(isExact && earlier.isExact, earlier.isExact ? unheard : TreePSet.empty());
  }

  /** What lies below the range and apart from it is declared beside it. */
  private DeclaredLoss withAlso(OffsetRange range) {
    return range.to() < declared.from()
        ? withAnnounced(range.from(), range.to())
        : withDeclaredDownTo(range.from()).withDeclaredUpTo(range.to());
  }

  private DeclaredLoss withRanges(
      long newFrom, OffsetRange newDeclared, Optional<OffsetRange> newAnnounced) {
    return new DeclaredLoss(
        leaderEpoch, kept, newFrom, newDeclared, newAnnounced, isExact, unheard, passedOver, cause);
  }

  private DeclaredLoss withKnown(boolean exact, TreePSet<NodeId> waited) {
    return new DeclaredLoss(
        leaderEpoch, kept, from, declared, announced, exact, waited, passedOver, cause);
  }

  /** What is declared, in words: {@code [100, 110) and [200, 210)}. */
  public String ranges() {
    return announced.map(range -> range + " and ").orElse("") + declared;
  }

  @Override
  public String toString() {
    return "%s %s of epochs before %s"
        .formatted(isExact ? "exactly" : "at least", ranges(), leaderEpoch);
  }
}
