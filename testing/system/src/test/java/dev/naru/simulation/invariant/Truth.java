package dev.naru.simulation.invariant;

import dev.naru.metadata.image.DeclaredLoss;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is true of a partition, known to nobody in the cluster: everything that any leader has ever
 * had below its high watermark, and who led when.
 */
public final class Truth {

  private final PartitionId partition;
  private final List<BatchMark> committed = new ArrayList<>();
  private final Map<LeaderEpoch, Reign> reigns = new TreeMap<>();
  private final SortedMap<LeaderEpoch, Long> reached = new TreeMap<>();
  private long highWatermark;
  private long acknowledgedEnd;
  private long startMax;
  private long deletedBelow;
  private final List<Lost> lost = new ArrayList<>();
  private final List<DeclaredLoss> declared = new ArrayList<>();
  private long highestEver;

  /**
   * A committed batch that is gone, by the recovery that began this leader epoch.
   *
   * @param from its first offset that had not been deleted
   */
  public record Lost(LeaderEpoch loss, BatchMark mark, long from) {}

  /** Who led an epoch, and where his log ended when he began. */
  public record Reign(NodeId node, NodeEpoch nodeEpoch, long start) {}

  public Truth(PartitionId partition) {
    this.partition = partition;
  }

  public PartitionId partition() {
    return partition;
  }

  /** The greatest high watermark that any leader ever had. */
  public long highWatermark() {
    return highWatermark;
  }

  /** What lies below it, in order. */
  public List<BatchMark> committed() {
    return committed;
  }

  public Optional<Reign> reign(LeaderEpoch epoch) {
    return Optional.ofNullable(reigns.get(epoch));
  }

  /** This leader is the first that was seen to lead the epoch. */
  public void began(LeaderEpoch epoch, Reign reign) {
    reigns.put(epoch, reign);
  }

  /** The greatest end of a batch that was acknowledged for all in-sync replicas. */
  public long acknowledgedEnd() {
    return acknowledgedEnd;
  }

  public void acknowledged(long end) {
    acknowledgedEnd = Math.max(acknowledgedEnd, end);
  }

  /** The greatest offset at which a leader was ever told to begin, for a good reason. */
  public long startMax() {
    return startMax;
  }

  /** Below this offset all is gone, as somebody was told who had asked for it. */
  public long deletedBelow() {
    return deletedBelow;
  }

  public void deleted(long below) {
    deletedBelow = Math.max(deletedBelow, below);
  }

  public void mayStartAt(long start) {
    startMax = Math.max(startMax, start);
  }

  /** The high watermark of a leader of this epoch has passed these. */
  public void commit(LeaderEpoch epoch, List<BatchMark> more, long newHighWatermark) {
    committed.addAll(more);
    highWatermark = newHighWatermark;
    highestEver = Math.max(highestEver, newHighWatermark);
    reached.put(epoch, newHighWatermark);
  }

  /**
   * A replica that begins here, with these batches, was taken for all there is; what it lacks is
   * lost. What it still has that was to be deleted, as it had not heard of that, is there again.
   */
  public void recovered(LeaderEpoch loss, long start, List<BatchMark> kept) {
    int deleted = 0;
    while (deleted < committed.size() && committed.get(deleted).next() <= start) {
      deleted++;
    }
    int same = Marks.howManyAreIn(kept, committed, deleted);
    deletedBelow = Math.min(deletedBelow, start);
    var gone = List.copyOf(committed.subList(same, committed.size()));
    committed.subList(same, committed.size()).clear();
    gone.forEach(mark -> lost.add(new Lost(loss, mark, Math.max(mark.base(), start))));
    if (!gone.isEmpty()) {
      lowerTo(gone.getFirst().base());
    }
  }

  private void lowerTo(long end) {
    highWatermark = Math.min(highWatermark, end);
    acknowledgedEnd = Math.min(acknowledgedEnd, end);
    reached.replaceAll((_, to) -> Math.min(to, end));
  }

  /** A leader that others have given up commits these, and does not know it yet. */
  public void committedTooLate(LeaderEpoch loss, BatchMark mark) {
    if (!isLost(mark) && !committed.contains(mark)) {
      lost.add(new Lost(loss, mark, mark.base()));
      highestEver = Math.max(highestEver, mark.next());
    }
  }

  /** This was announced. */
  public void declared(DeclaredLoss loss) {
    declared.add(loss);
  }

  public List<Lost> lost() {
    return lost;
  }

  public boolean isLost(BatchMark mark) {
    return lost.stream().anyMatch(each -> each.mark().equals(mark));
  }

  /** Whether a batch of this place and checksum was committed and is lost. */
  public boolean isLost(long base, int crc) {
    return lost.stream().anyMatch(each -> each.mark().base() == base && each.mark().crc() == crc);
  }

  /**
   * Whether what was announced covers this batch that is lost: of the loss that took it, or of one
   * that says all that it did. An earlier one that had kept it says nothing of that.
   */
  public boolean isDeclared(BatchMark mark) {
    long from = firstLost(mark);
    return declared.stream()
        .anyMatch(each ->
            from >= each.from() && mark.next() <= each.to() && !isBeforeTheLossOf(mark, each));
  }

  private boolean isBeforeTheLossOf(BatchMark mark, DeclaredLoss loss) {
    return lost.stream()
        .filter(each -> each.mark().equals(mark))
        .allMatch(each -> loss.leaderEpoch().isBefore(each.loss()));
  }

  private long firstLost(BatchMark mark) {
    return lost.stream()
        .filter(each -> each.mark().base() == mark.base() && each.mark().crc() == mark.crc())
        .mapToLong(Lost::from)
        .max()
        .orElse(mark.base());
  }

  /** Whether it is covered, or lies above the beginning of a loss whose end was never known. */
  public boolean isDeclaredOrOpen(BatchMark mark) {
    long from = firstLost(mark);
    return declared.stream()
        .anyMatch(each -> from >= each.from() && (mark.next() <= each.to() || !each.isExact()));
  }

  /** The greatest high watermark of any leader, also over what is lost by now. */
  public long highestEver() {
    return highestEver;
  }

  /** The greatest high watermark of a leader before this one. */
  public long committedBefore(LeaderEpoch epoch) {
    return reached.headMap(epoch).values().stream().mapToLong(Long::longValue).max().orElse(0);
  }
}
