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
 * @param surelyFrom where the range begins that is declared. Above {@code from} only if an earlier
 *     loss is no longer told apart from this one, which began there: a log from before that one may
 *     have to be cut so far, but says so first
 * @param to the greatest end known of what is lost; the range ends before it
 * @param unheard replicas that held every committed record, and have not said yet where they end;
 *     empty if it is exact, and if it can never be
 * @param announced what lies below the declared range and was announced since, of logs from before
 *     an earlier loss that is no longer told apart from this one: declared as well
 * @param passedOver replicas that were there and had more than was kept, but whose disks took too
 *     long: nobody waited longer
 */
public record DeclaredLoss(
    LeaderEpoch leaderEpoch,
    LogEnd kept,
    long from,
    long surelyFrom,
    long to,
    boolean isExact,
    TreePSet<NodeId> unheard,
    LossCause cause,
    Optional<Announced> announced,
    TreePSet<NodeId> passedOver) {

  /** Offsets that were announced by those who had to cut them, {@code to} exclusive. */
  public record Announced(long from, long to) {

    /** Refuses a range that is none. */
    public Announced {
      if (from < 0 || to <= from) {
        throw new IllegalArgumentException(
            "Expected 0 <= from < to, but was [%d, %d)".formatted(from, to));
      }
    }

    /** Together with what lies between, as a few ranges would have to be many in the end. */
    Announced and(Announced other) {
      return new Announced(Math.min(from, other.from), Math.max(to, other.to));
    }

    @Override
    public String toString() {
      return "[%d, %d)".formatted(from, to);
    }
  }

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
        from,
        to,
        isExact,
        unheard,
        cause,
        Optional.empty(),
        TreePSet.empty());
  }

  /** Refuses a range that is none. */
  public DeclaredLoss {
    if (from < 0 || from > kept.end() || surelyFrom < from || to < surelyFrom) {
      throw new IllegalArgumentException(
          "Expected 0 <= from <= kept end %d and from <= surely from <= to, but was [%d, %d, %d)"
              .formatted(kept.end(), from, surelyFrom, to));
    }
    if (announced.filter(range -> range.from < from || range.to >= surelyFrom).isPresent()) {
      throw new IllegalArgumentException(
          "Expected what was announced between %d and %d, and apart from it, but was %s"
              .formatted(from, surelyFrom, announced.get()));
    }
  }

  /** Whether it is known that nothing was lost after all. */
  public boolean isNothing() {
    return isExact && from == to;
  }

  /** How many offsets are declared. */
  public long offsets() {
    return to - surelyFrom + announced.map(range -> range.to - range.from).orElse(0L);
  }

  /** Whether this much, of epochs before the leader's, has been announced as lost. */
  public boolean covers(long cutFrom, long cutTo) {
    return (cutFrom >= surelyFrom && (isExact || cutTo <= to))
        || announced.filter(range -> cutFrom >= range.from && cutTo <= range.to).isPresent();
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
    return saidBy(node, isNews ? log.end() : to);
  }

  /**
   * The same, after a replica has joined an ISR without having said anything: what it held is kept,
   * or within the range, or it would have had to announce what it cut.
   */
  public DeclaredLoss joinedBy(NodeId node) {
    return saidBy(node, to);
  }

  /** The same, after a replica has said what it would have to cut. */
  public DeclaredLoss extended(NodeId node, LogEnd log, long cutFrom) {
    if (isExact || (unheard.contains(node) && isAllKeptOf(log))) {
      return heard(node, log);
    }
    var wider = log.end() < surelyFrom ? withApart(cutFrom, log.end()) : withDown(cutFrom);
    return wider
        .with(wider.from, wider.surelyFrom, Math.max(to, log.end()), false, unheard)
        .saidBy(node, log.end());
  }

  /** What lies between the announced and the range is nobody's loss, as far as is known. */
  private DeclaredLoss withApart(long cutFrom, long cutTo) {
    if (cutFrom == cutTo) {
      return this;
    }
    var range = new Announced(cutFrom, cutTo);
    var all = announced.map(range::and).orElse(range);
    return with(Math.min(from, cutFrom), surelyFrom, Optional.of(all));
  }

  /** The range begins lower, and takes in what it meets. */
  private DeclaredLoss withDown(long cutFrom) {
    long begin = Math.min(surelyFrom, cutFrom);
    var met = announced.filter(range -> range.to >= begin);
    return with(
        Math.min(from, cutFrom),
        met.map(range -> Math.min(begin, range.from)).orElse(begin),
        met.isPresent() ? Optional.empty() : announced);
  }

  /**
   * The same; this replica will never say anything that counts. So it can never be known how far
   * the furthest of them reached, and the others need not be waited for.
   */
  public DeclaredLoss withoutHopeOf(NodeId node) {
    return unheard.contains(node) ? with(from, surelyFrom, to, isExact, TreePSet.empty()) : this;
  }

  /** The same, for which nobody waited any longer for these. */
  public DeclaredLoss withPassedOver(TreePSet<NodeId> nodes) {
    return new DeclaredLoss(
        leaderEpoch, kept, from, surelyFrom, to, isExact, unheard, cause, announced, nodes);
  }

  /** The last one of them to speak makes it exact, unless it is not sure where the loss begins. */
  private DeclaredLoss saidBy(NodeId node, long end) {
    if (isExact || !unheard.contains(node)) {
      return this;
    }
    var others = unheard.minus(node);
    boolean isKnown = others.isEmpty() && isCutClean();
    return with(from, surelyFrom, Math.max(to, end), isKnown, others);
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
        && surelyFrom == other.surelyFrom
        && to == other.to
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
    return with(earlier.from, surelyFrom, to, false, unheard);
  }

  /**
   * The same, which is all that is left of an earlier one that began no lower: it declares all that
   * this one did as well. What that one did not know, nobody will learn.
   */
  DeclaredLoss inPlaceOf(DeclaredLoss earlier) {
    var both = withDeclared(earlier.surelyFrom, earlier.to);
    if (earlier.announced.isPresent()) {
      both = both.withDeclared(earlier.announced.get().from, earlier.announced.get().to);
    }
    return both.with(
        both.from,
        both.surelyFrom,
        both.to,
        isExact && earlier.isExact,
        earlier.isExact ? unheard : TreePSet.empty());
  }

  /** What lies below the range and apart from it is declared beside it. */
  private DeclaredLoss withDeclared(long begin, long end) {
    if (end < surelyFrom) {
      return withApart(begin, end);
    }
    var wider = withDown(begin);
    return wider.with(wider.from, wider.surelyFrom, Math.max(to, end), isExact, unheard);
  }

  private DeclaredLoss with(
      long newFrom, long newSurelyFrom, long newTo, boolean exact, TreePSet<NodeId> waited) {
    return new DeclaredLoss(
        leaderEpoch,
        kept,
        newFrom,
        newSurelyFrom,
        newTo,
        exact,
        waited,
        cause,
        announced,
        passedOver);
  }

  private DeclaredLoss with(long newFrom, long newSurelyFrom, Optional<Announced> range) {
    return new DeclaredLoss(
        leaderEpoch, kept, newFrom, newSurelyFrom, to, isExact, unheard, cause, range, passedOver);
  }

  @Override
  public String toString() {
    return "%s %s[%d, %d) of epochs before %s"
        .formatted(
            isExact ? "exactly" : "at least",
            announced.map(range -> range + " and ").orElse(""),
            surelyFrom,
            to,
            leaderEpoch);
  }
}
