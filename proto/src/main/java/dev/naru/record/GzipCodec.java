package dev.naru.record;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** RFC 1952, by the JDK. */
final class GzipCodec implements Codec {

  private static final int BUFFER_BYTES = 8 << 10; // as much as Kafka's; larger ones gain nothing

  @Override
  public void deflate(byte[] source, int from, int end, GrowingBytes target) throws IOException {
    try (var gzip = new GZIPOutputStream(target, BUFFER_BYTES)) {
      gzip.write(source, from, end - from);
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
