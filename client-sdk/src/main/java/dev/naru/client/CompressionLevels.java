package dev.naru.client;

import dev.naru.record.Compression;
import dev.naru.types.Setting;

/** How hard each codec tries: a higher level costs more and makes batches smaller. */
public record CompressionLevels(
    @Setting(key = "compression.gzip.level", doc = "1 to 9, or -1 for what zlib takes for best.")
        int gzip,
    @Setting(key = "compression.lz4.level", doc = "1 to 17.") int lz4,
    @Setting(key = "compression.zstd.level", doc = "-131072 to 22.") int zstd) {

  /** What the codecs take by themselves. */
  public static final CompressionLevels DEFAULTS = new CompressionLevels(-1, 9, 3);

  /** Refuses levels that a codec does not have. */
  public CompressionLevels {
    Settings.require(
        gzip == -1 || (gzip >= 1 && gzip <= 9), "compression.gzip.level", "1 to 9, or -1", gzip);
    Settings.require(lz4 >= 1 && lz4 <= 17, "compression.lz4.level", "1 to 17", lz4);
    Settings.require(
        zstd >= -131_072 && zstd <= 22, "compression.zstd.level", "-131072 to 22", zstd);
  }

  /** Refuses a level that was set for a codec which is not the one in use. */
  void requireFor(Compression compression) {
    requireFor("gzip", compression, gzip, DEFAULTS.gzip);
    requireFor("lz4", compression, lz4, DEFAULTS.lz4);
    requireFor("zstd", compression, zstd, DEFAULTS.zstd);
  }

  private static void requireFor(String codec, Compression compression, int level, int byDefault) {
    Settings.require(
        level == byDefault || compression.text().equals(codec),
        "compression." + codec + ".level",
        "left out, because compression.type is " + compression.text(),
        level);
  }
}
