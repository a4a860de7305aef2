package dev.naru.record;

/**
 * How much memory the records of one compressed batch may take when they are opened, so that a
 * small batch cannot be a bomb.
 *
 * @param bytesMax never more than this
 * @param ratioMax never more than so many times the compressed bytes, once past {@link
 *     #HARMLESS_BYTES}
 */
public record InflationLimit(int bytesMax, int ratioMax) {

  /**
   * Below this the ratio does not matter: the memory is small, and so few bytes of zeros are
   * common.
   */
  public static final int HARMLESS_BYTES = 1 << 20;

  /** What {@link BatchBuilder} keeps to: everything it builds can be opened under this limit. */
  public static final InflationLimit DEFAULT = new InflationLimit(64 << 20, 100);

  /** Refuses limits under which nothing could be opened. */
  public InflationLimit {
    if (bytesMax < 1 || ratioMax < 1) {
      throw new IllegalArgumentException(
          "Expected limits >= 1, but were " + bytesMax + " bytes and a ratio of " + ratioMax);
    }
  }

  /** The most that so many compressed bytes may become. */
  int bytesMaxOf(int compressedBytes) {
    long byRatio = Math.max(HARMLESS_BYTES, (long) ratioMax * compressedBytes);
    return (int) Math.min(bytesMax, byRatio);
  }
}
