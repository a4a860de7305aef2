package dev.naru.client.fake;

import dev.naru.record.BatchBuilder;
import dev.naru.record.BatchBytes;
import dev.naru.record.Compression;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Batches as producers make them, sound and otherwise. */
public final class Batches {

  private Batches() {}

  /** One batch of these values, a millisecond apart. */
  public static BatchBytes at(long timestampMillis, String... values) {
    return of(Compression.NONE, timestampMillis, values);
  }

  public static BatchBytes of(Compression compression, long timestampMillis, String... values) {
    var builder = new BatchBuilder(1 << 20);
    for (int i = 0; i < values.length; i++) {
      byte[] value = values[i].getBytes(StandardCharsets.UTF_8);
      builder.append(timestampMillis + i, (byte[]) null, value, List.of());
    }
    return builder.build(compression);
  }

  /** A batch in which one byte has changed on the way. */
  public static BatchBytes damaged(String... values) {
    var sound = at(0, values);
    var copy = ByteBuffer.allocate(sound.size()).put(sound.asByteBuffer()).flip();
    int last = copy.limit() - 2;
    copy.put(last, (byte) (copy.get(last) ^ 1));
    return BatchBytes.of(copy);
  }
}
