package dev.naru.log.recovery;

/** What is on record about how far a log was durable. */
public sealed interface Recorded {

  /** This far. */
  record UpTo(DurablePoint point) implements Recorded {}

  /**
   * This far or further: later records are missing. So nothing above that is bad can be told from
   * damage.
   */
  record AtLeast(DurablePoint point) implements Recorded {}

  /**
   * The record is sound, and has nothing of this log: it was new, and nothing of it was durable.
   */
  record Nothing() implements Recorded {}

  /** The record itself is gone. Then nothing that is bad can be told from damage. */
  record Lost() implements Recorded {}

  /** It was found damaged, and has not been fetched anew since. */
  record KnownDamaged(long start, long segmentBase) implements Recorded {}
}
