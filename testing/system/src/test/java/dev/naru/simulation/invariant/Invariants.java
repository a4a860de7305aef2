package dev.naru.simulation.invariant;

import java.util.List;
import java.util.function.LongSupplier;

/** All that must hold. */
public final class Invariants {

  private Invariants() {}

  /**
   * New ones, which have seen nothing yet.
   *
   * @param trueMillis the true time, which no machine has
   */
  public static List<Invariant> all(LongSupplier trueMillis) {
    return List.of(
        new HighWatermark(),
        new OneWriterPerEpoch(),
        new LeaderCompleteness(),
        new ByteIdentity(),
        new Truncation(),
        new CandidateCompleteness(),
        new NoCommittedLoss(),
        new LossDeclared(),
        new EpochOrder(),
        new OffsetDensity(),
        new QuorumSuperset(),
        new Fencing(),
        new Expansion(),
        new LonelyLeader(),
        new MoveEnd(),
        new LogStart(),
        new WholeSegments(),
        new TrueAge(trueMillis),
        new CompactedFold(trueMillis),
        new ExactlyOnce(),
        new LedgerEquality());
  }
}
