package dev.naru.metadata.balance;

/** Numbers as people read them; the same in every language. */
final class Amounts {

  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private Amounts() {}

  /** Such as {@code 1.5 GiB}; rounded down to a tenth. */
  static String bytes(long bytes) {
    int unit = 0;
    long scale = 1;
    while (unit + 1 < UNITS.length && bytes / scale >= 1024) {
      scale <<= 10;
      unit++;
    }
    long tenths = unit == 0 ? 0 : bytes % scale * 10 / scale;
    return bytes / scale + (tenths == 0 ? "" : "." + tenths) + " " + UNITS[unit];
  }

  /** Such as {@code 42.5 %}; rounded down to a tenth. */
  static String percent(double part) {
    long permille = (long) Math.floor(part * 1000);
    return permille / 10 + "." + permille % 10 + " %";
  }
}
