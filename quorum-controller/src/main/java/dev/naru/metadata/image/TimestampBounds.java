package dev.naru.metadata.image;

/**
 * How far the producer's time of a record may be from the leader's clock.
 *
 * @param beforeMaxMillis how far in the past; {@link Long#MAX_VALUE}: as far as it likes
 * @param afterMaxMillis how far in the future
 */
public record TimestampBounds(long beforeMaxMillis, long afterMaxMillis) {

  /** Any time will do. */
  public static final TimestampBounds NONE = new TimestampBounds(Long.MAX_VALUE, Long.MAX_VALUE);
}
