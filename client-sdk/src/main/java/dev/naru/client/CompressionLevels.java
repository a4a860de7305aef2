package dev.naru.client;

import dev.naru.record.Compression;
import dev.naru.types.ErrorCode;
import dev.naru.types.Setting;
import java.util.Map;

/** How hard each codec tries: a higher level costs more and makes batches smaller. */
public record CompressionLevels(
    @Setting(
            key = "compression.gzip.level",
            doc = "1 to 9, or -1 for what zlib takes for best, which is 6.")
        int gzip,
    @Setting(
            key = "compression.lz4.level",
            doc =
                "1 to 17; 9 stands for the fast compressor, all others for the thorough one, as in"
                    + " Kafka.")
        int lz4,
    @Setting(key = "compression.zstd.level", doc = "-131072 to 22.") int zstd) {

  /** What the codecs take by themselves. */
  public static final CompressionLevels DEFAULTS =
      new CompressionLevels(
          Compression.GZIP.levelByDefault(),
          Compression.LZ4.levelByDefault(),
          Compression.ZSTD.levelByDefault());

  /** Refuses levels that a codec does not have. */
  public CompressionLevels {
    Settings.require(
        gzip == -1 || (gzip >= 1 && gzip <= 9), "compression.gzip.level", "1 to 9, or -1", gzip);
    Settings.require(lz4 >= 1 && lz4 <= 17, "compression.lz4.level", "1 to 17", lz4);
    Settings.require(
        zstd >= -131_072 && zstd <= 22, "compression.zstd.level", "-131072 to 22", zstd);
  }

  /**
   * This level of this codec, and the defaults of all others.
   *
   * @throws NaruException with {@code INVALID_CONFIG} for a level or a codec that does not have it
   */
  public static CompressionLevels of(Compression compression, int level) {
    return switch (compression) {
      case GZIP -> new CompressionLevels(level, DEFAULTS.lz4, DEFAULTS.zstd);
      case LZ4 -> new CompressionLevels(DEFAULTS.gzip, level, DEFAULTS.zstd);
      case ZSTD -> new CompressionLevels(DEFAULTS.gzip, DEFAULTS.lz4, level);
      case NONE, SNAPPY ->
          throw new NaruException(
              ErrorCode.INVALID_CONFIG,
              "Expected a codec that has levels, which are gzip, lz4 and zstd, but was "
                  + compression.text(),
              Map.of("setting", "compression.type"));
    };
  }

  /** The level of this codec; 0 if it has none. */
  public int levelOf(Compression compression) {
    return switch (compression) {
      case GZIP -> gzip;
      case LZ4 -> lz4;
      case ZSTD -> zstd;
      case NONE, SNAPPY -> 0;
    };
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
