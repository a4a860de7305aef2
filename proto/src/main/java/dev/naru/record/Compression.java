package dev.naru.record;

import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * How the records of a batch are compressed, with Kafka's numbers and framings. Some need a library
 * that the application brings; without it they are refused by name and the others work.
 */
public enum Compression {
  NONE(0, "none", "nothing", 0),
  GZIP(1, "gzip", "the JDK", -1),
  SNAPPY(2, "snappy", "org.xerial.snappy:snappy-java", 0),
  LZ4(3, "lz4", "at.yawk.lz4:lz4-java", 9),
  /**
   * At level 1 it takes 0.5 to 0.75 of the time of 3, which zstd and Kafka have for a default; and
   * batches of records, being small, come out no larger for it.
   */
  ZSTD(4, "zstd", "com.github.luben:zstd-jni", 1);

  private static final Compression[] BY_ID = values();

  /** The largest array that every JVM can make. */
  static final int ARRAY_BYTES_MAX = Integer.MAX_VALUE - 8;

  private final int id;
  private final String text;
  private final String artifact;
  private final int levelByDefault;

  Compression(int id, String text, String artifact, int levelByDefault) {
    this.id = id;
    this.text = text;
    this.artifact = artifact;
    this.levelByDefault = levelByDefault;
  }

  /** The codec of this number in a batch's attributes, or empty for one that is not known. */
  public static Optional<Compression> ofId(int id) {
    return id >= 0 && id < BY_ID.length ? Optional.of(BY_ID[id]) : Optional.empty();
  }

  /** The codec of this name, as {@code compression.type} has it. */
  public static Optional<Compression> ofText(String text) {
    for (var compression : BY_ID) {
      if (compression.text.equals(text)) {
        return Optional.of(compression);
      }
    }
    return Optional.empty();
  }

  /** Its number in a batch's attributes. */
  public int id() {
    return id;
  }

  /** Its name, as {@code compression.type} has it. */
  public String text() {
    return text;
  }

  /** How hard it tries unless it is told; 0 for those that have no levels. */
  public int levelByDefault() {
    return levelByDefault;
  }

  /**
   * Why it cannot be used in this process: its library is not on the class path, or does not load.
   */
  public Optional<Refused> unsupported() {
    try {
      deflate(new byte[1], 0, 1, 0);
      return Optional.empty();
    } catch (BatchRefusedException e) {
      return Optional.of(e.refused());
    }
  }

  /**
   * Compresses the bytes between the two positions; so many bytes before the result are left free.
   */
  GrowingBytes deflate(byte[] source, int from, int end, int reserved) {
    try (var deflater = new BatchDeflater(this)) {
      return deflater.deflate(source, from, end, reserved);
    }
  }

  void deflate(Codec codec, byte[] source, int from, int end, GrowingBytes target) {
    try {
      codec.deflate(source, from, end, target);
    } catch (LinkageError e) {
      throw missing(e);
    } catch (IOException e) {
      throw new IllegalStateException("Expected " + text + " to compress, but it failed", e);
    }
  }

  /**
   * What the bytes from the position to the limit, which lie in an array, were before they were
   * compressed.
   */
  ByteBuffer inflate(ByteBuffer source, InflationLimit limit) {
    int size = source.remaining();
    int from = source.arrayOffset() + source.position();
    int bytesMax = limit.bytesMaxOf(size);
    var target = new GrowingBytes((int) Math.min(4L * size, bytesMax), 0, bytesMax);
    try {
      codec().inflate(source.array(), from, from + size, target);
      return target.view();
    } catch (LinkageError e) {
      throw missing(e);
    } catch (BatchRefusedException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // the libraries' ways of saying malformed
      throw BatchRefusedException.corrupt(
          "Expected records compressed with " + text + ", but they do not inflate: " + e);
    }
  }

  private Codec codec() {
    return codec(levelByDefault);
  }

  /** Made at each use, so that no codec's class is loaded, and asks for its library, before. */
  Codec codec(int level) {
    try {
      return switch (this) {
        case NONE -> new NoCodec();
        case GZIP -> new GzipCodec(level);
        case SNAPPY -> new SnappyCodec();
        case LZ4 -> new Lz4Codec(level);
        case ZSTD -> new ZstdCodec(level);
      };
    } catch (LinkageError e) {
      throw missing(e);
    }
  }

  private BatchRefusedException missing(LinkageError cause) {
    return new BatchRefusedException(
        new Refused(
            ErrorCode.UNSUPPORTED_COMPRESSION,
            "Expected " + artifact + " on the class path for " + text + ", but " + cause));
  }
}
