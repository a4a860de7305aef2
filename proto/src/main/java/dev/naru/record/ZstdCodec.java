package dev.naru.record;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/**
 * RFC 8878, one frame a batch. Written in one go, which is faster than a stream and gives the same
 * format.
 */
final class ZstdCodec implements Codec {

  private static final int LEVEL = 3; // zstd's own default, and Kafka's

  @Override
  public void deflate(byte[] source, int from, int end, GrowingBytes target) throws IOException {
    int room = Math.toIntExact(Zstd.compressBound(end - from));
    target.ensureRoom(room);
    long written =
        Zstd.compressByteArray(
            target.array(), target.size(), room, source, from, end - from, LEVEL);
    if (Zstd.isError(written)) {
      throw new IOException("zstd: " + Zstd.getErrorName(written));
    }
    target.wrote((int) written);
  }

  @Override
  public void inflate(byte[] source, int from, int end, GrowingBytes target) throws IOException {
    // A frame may declare a window of up to 128 MiB: the library reserves addresses for it, and the
    // system gives memory only as far as output is produced, which the target bounds.
    var bytes = new ByteArrayInputStream(source, from, end - from);
    try (var zstd = new ZstdInputStreamNoFinalizer(bytes, RecyclingBufferPool.INSTANCE)) {
      target.fillFrom(zstd);
    }
  }
}
