package dev.naru.log.recovery;

/** Where durable points are written down, for the next start. */
public interface DurablePoints {

  /**
   * Writes down that a log ends earlier than it was once recorded to. Durable when it returns,
   * which must be before any byte above the new end is touched: or the next start would take what
   * is missing for damage.
   */
  void lower(DurablePoint point);
}
