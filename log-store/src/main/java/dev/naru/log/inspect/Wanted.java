package dev.naru.log.inspect;

/**
 * How much is to be told.
 *
 * @param records also the records of each batch
 * @param verify whether everything is checked: records, order of epochs, seals, indexes, what lies
 *     beside
 * @param from batches that end at or below this offset are not told of
 */
public record Wanted(boolean records, boolean verify, long from) {

  /** All batches, without their records, and whether their frames and checksums are right. */
  public static final Wanted BATCHES = new Wanted(false, false, 0);

  /** Everything is checked. */
  public static final Wanted VERIFIED = new Wanted(false, true, 0);
}
