package dev.naru.record;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** RFC 1952, by the JDK. */
final class GzipCodec implements Codec {

  private static final int BUFFER_BYTES = 8 << 10; // as much as Kafka's; larger ones gain nothing

  private final int level;

  GzipCodec(int level) {
    this.level = level;
  }

  @Override
  public void deflate(byte[] source, int from, int end, GrowingBytes target) throws IOException {
    try (var gzip = new AtLevel(target, level)) {
      gzip.write(source, from, end - from);
    }
  }

  /** To an eighth at most: common bytes are given short codes, but nothing is said of repeats. */
  static void deflateByCodesOnly(byte[] source, int from, int end, GrowingBytes target) {
    try (var gzip = new CodesOnly(target)) {
      gzip.write(source, from, end - from);
    } catch (IOException e) {
      throw new IllegalStateException("Expected to write to memory, but it failed", e);
    }
  }

  private static final class AtLevel extends GZIPOutputStream {

    AtLevel(GrowingBytes target, int level) throws IOException {
      super(target, BUFFER_BYTES);
      def.setLevel(level);
    }
  }

  private static final class CodesOnly extends GZIPOutputStream {

    CodesOnly(GrowingBytes target) throws IOException {
      super(target, BUFFER_BYTES);
      def.setStrategy(Deflater.HUFFMAN_ONLY);
    }
  }

  @Override
  public void inflate(byte[] source, int from, int end, GrowingBytes target) throws IOException {
    var bytes = new ByteArrayInputStream(source, from, end - from);
    try (var gzip = new GZIPInputStream(bytes, BUFFER_BYTES)) {
      target.fillFrom(gzip);
    }
  }
}
