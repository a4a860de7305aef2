package dev.naru.simulation.invariant;

import dev.naru.broker.partition.PartitionView;
import dev.naru.broker.replica.IsrState;
import dev.naru.broker.replica.IsrState.Proposed;
import dev.naru.broker.replica.LocalNode;
import dev.naru.broker.replica.PartitionAssignment;
import dev.naru.log.LogView;
import dev.naru.log.PartitionLog;
import dev.naru.log.producer.ProducerLedger;
import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.IsrMember;
import dev.naru.metadata.image.Flush;
import dev.naru.record.BatchHeader;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A partition in one process, as it was after the last event that touched it. */
public final class Replica {

  private final LocalNode self;
  private final PartitionLog log;
  private final List<BatchMark> marks = new ArrayList<>();
  private Optional<PartitionAssignment> assignment = Optional.empty();
  private Optional<AlterPartition> openProposal = Optional.empty();
  private Optional<IsrState> isr = Optional.empty();
  private Optional<IsrState> assumed = Optional.empty();
  private PartitionView view;
  private PartitionView viewBefore;
  private long end;
  private long durableEnd;
  private int verified;
  private int readAgain;
  private boolean hasStartedOver;
  private LeaderEpoch agreed;
  private LeaderEpoch agreedBefore;

  public Replica(LocalNode self, PartitionLog log, PartitionView view) {
    this.self = self;
    this.log = log;
    this.view = view;
    this.viewBefore = view;
    appendNew(log.view());
    durableEnd = log.durableEnd();
    agreed = log.agreed();
    agreedBefore = agreed;
  }

  /** The same replica over what is intact of its log. */
  public Replica over(PartitionLog intact) {
    var shorter =
        new PartitionView(
            view.id(),
            view.role(),
            view.leaderEpoch(),
            view.leader(),
            intact.highWatermark(),
            view.epochStart(),
            view.isBehind(),
            view.isConfirmed(),
            intact.view(),
            intact.producers().size());
    var replica = new Replica(self, intact, shorter);
    replica.assignment = assignment;
    return replica;
  }

  /**
   * Looks at the replica again.
   *
   * @return what is no longer in its log
   */
  public List<BatchMark> look(PartitionView now) {
    viewBefore = view;
    view = now;
    agreedBefore = agreed;
    agreed = log.agreed();
    if (!view.leaderEpoch().equals(viewBefore.leaderEpoch())) {
      isr = Optional.empty();
    }
    hasStartedOver =
        log.start() > end || (log.end() < end && log.end() == log.start()); // nothing is left
    var cut = new ArrayList<BatchMark>();
    while (!marks.isEmpty() && marks.getLast().next() > log.end()) {
      cut.addFirst(marks.removeLast());
      end = marks.isEmpty() ? log.start() : marks.getLast().next();
    }
    boolean isEmpty = log.end() == log.start(); // also if it has started over where it ended
    if (hasStartedOver || isEmpty) {
      marks.clear();
      end = log.start();
    }
    verified = Math.min(verified, marks.size());
    readAgain = Math.min(readAgain, marks.size());
    appendNew(now.log());
    durableEnd = log.durableEnd();
    return cut;
  }

  public boolean hasChangedSince(PartitionView now) {
    return !now.equals(view) || log.durableEnd() != durableEnd;
  }

  private void appendNew(LogView from) {
    marks.addAll(scan(from, Math.max(end, from.start())));
    end = log.end();
  }

  /** What the files hold from this offset on. */
  public static List<BatchMark> scan(LogView log, long offset) {
    return headers(log, offset).stream().map(BatchMark::of).toList();
  }

  /** The headers of what the files hold from this offset on. */
  static List<BatchHeader> headers(LogView log, long offset) {
    var found = new ArrayList<BatchHeader>();
    long next = offset;
    while (next < log.end()) {
      var slice = log.read(next, 1 << 20, log.end());
      if (slice.isEmpty()) {
        throw new IllegalStateException("Expected a batch at " + next + ", but there is none");
      }
      slice.batches().headers().forEach(found::add);
      next = slice.nextOffset();
    }
    return found;
  }

  /** The image that the replica acts upon has changed. */
  public void assigned(PartitionAssignment newest) {
    boolean isNewer =
        assignment
            .filter(known ->
                known.imageIndex() >= newest.imageIndex()
                    || newest.partitionEpoch().isBefore(known.partitionEpoch()))
            .isEmpty();
    if (isNewer) {
      assignment = Optional.of(newest);
      openProposal =
          openProposal.filter(open -> !open.partitionEpoch().isBefore(newest.partitionEpoch()));
    }
  }

  /** It has asked for this ISR, and takes it into account until it shows what it assumes next. */
  public void proposed(AlterPartition proposal) {
    openProposal = Optional.of(proposal);
    isr =
        assumed
            .or(() -> isr)
            .map(before ->
                new Proposed(
                    before.committed(),
                    before
                        .committed()
                        .plusAll(proposal.isr().stream().map(IsrMember::node).toList()),
                    proposal,
                    0));
    assumed = Optional.empty();
  }

  public void withdrew(AlterPartition proposal) {
    openProposal = openProposal.filter(open -> !open.equals(proposal));
  }

  public LocalNode self() {
    return self;
  }

  public PartitionId partition() {
    return log.id();
  }

  public Optional<PartitionAssignment> assignment() {
    return assignment;
  }

  public Optional<AlterPartition> openProposal() {
    return openProposal;
  }

  /** What its log knows of producers now. */
  public ProducerLedger producers() {
    return log.producers();
  }

  /** What it takes for its ISR, if it leads. */
  public Optional<IsrState> isr() {
    return isr;
  }

  /** It leads, and takes this for its ISR when it looks at what is committed. */
  public void assumes(IsrState now) {
    assumed = Optional.of(now);
  }

  /** What it has come to assume by the last event, if that is news. */
  public Optional<IsrState> newlyAssumed() {
    var now = assumed;
    assumed = Optional.empty();
    boolean isNews = now.isPresent() && !now.equals(isr);
    isr = now.or(() -> isr);
    return isNews ? now : Optional.empty();
  }

  public PartitionView view() {
    return view;
  }

  /** As it was before the last event. */
  public PartitionView viewBefore() {
    return viewBefore;
  }

  /** The last leader epoch in which its log led or was accepted, before the last event. */
  public LeaderEpoch agreedBefore() {
    return agreedBefore;
  }

  /** Whether the last event set all of its log aside. */
  public boolean hasStartedOver() {
    return hasStartedOver;
  }

  public List<BatchMark> marks() {
    return marks;
  }

  public long end() {
    return end;
  }

  public long countedEnd(Flush flush) {
    return flush == Flush.OS ? end : durableEnd;
  }

  /** How many of its batches are known to be the committed ones. */
  public int verified() {
    return verified;
  }

  public void verified(int batches) {
    verified = batches;
  }

  /** How many of its batches were found again in the files, after they were written. */
  public int readAgain() {
    return readAgain;
  }

  public void readAgain(int batches) {
    readAgain = batches;
  }

  @Override
  public String toString() {
    return "node %s (epoch %s)".formatted(self.id(), self.epoch());
  }
}
