package dev.naru.record;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Records before they are encoded, drawn at random with a taste for edges. */
final class Drafts {

  private static final int HEADERS_MAX = 4;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Draft(
      long timestamp, byte @Nullable [] key, byte @Nullable [] value, List<RecordHeader> headers) {}

  private Drafts() {}

  static List<Draft> random(RandomGenerator random) {
    int count = random.nextInt(4) == 0 ? 1 + random.nextInt(2_000) : 1 + random.nextInt(20);
    int valueBytesMax = random.nextInt(8) == 0 ? 70_000 / count + 1 : 200;
    var drafts = new ArrayList<Draft>(count);
    long timestamp = random.nextLong(4_000_000_000_000L);
    for (int i = 0; i < count; i++) {
      timestamp = Math.max(0, timestamp + random.nextLong(-100_000, 100_000));
      drafts.add(
          new Draft(
              timestamp,
              bytesOrNull(random, 64),
              bytesOrNull(random, valueBytesMax),
              headers(random)));
    }
    return drafts;
  }

  private static byte @Nullable [] bytesOrNull(RandomGenerator random, int lengthMax) {
    return random.nextInt(5) == 0 ? null : bytes(random, random.nextInt(lengthMax + 1));
  }

  /** Half of all drawn are text-like, so that codecs find something to do. */
  static byte[] bytes(RandomGenerator random, int length) {
    byte[] bytes = new byte[length];
    int alphabet = random.nextBoolean() ? 256 : 3;
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) random.nextInt(alphabet);
    }
    return bytes;
  }

  private static List<RecordHeader> headers(RandomGenerator random) {
    int count = random.nextInt(3) == 0 ? random.nextInt(HEADERS_MAX + 1) : 0;
    var headers = new ArrayList<RecordHeader>(count);
    for (int i = 0; i < count; i++) {
      String name = random.nextBoolean() ? "trace" : "나루-\uD83D\uDEA2-" + random.nextInt(9);
      var value = Optional.ofNullable(bytesOrNull(random, 30)).map(ByteBuffer::wrap);
      headers.add(new RecordHeader(name, value));
    }
    return headers;
  }

  /** Encodes the drafts, by arrays or by buffers of every kind. */
  static BatchBytes encode(List<Draft> drafts, Compression compression) {
    var builder = new BatchBuilder(16 << 10);
    appendAll(builder, drafts);
    return builder.build(compression);
  }

  static void appendAll(BatchBuilder builder, List<Draft> drafts) {
    for (var draft : drafts) {
      if (builder.recordCount() % 2 == 0) {
        builder.append(draft.timestamp(), draft.key(), draft.value(), draft.headers());
      } else {
        builder.append(
            draft.timestamp(), direct(draft.key()), readOnly(draft.value()), draft.headers());
      }
    }
  }

  private static @Nullable ByteBuffer direct(byte @Nullable [] bytes) {
    return bytes == null
        ? null
        : ByteBuffer.allocateDirect(bytes.length + 3).put(3, bytes).position(3);
  }

  private static @Nullable ByteBuffer readOnly(byte @Nullable [] bytes) {
    return bytes == null ? null : ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  /** What a reader of the encoded drafts must find. */
  static List<Record> expected(List<Draft> drafts, long baseOffset) {
    var records = new ArrayList<Record>(drafts.size());
    for (var draft : drafts) {
      records.add(
          new Record(
              baseOffset + records.size(),
              draft.timestamp(),
              Optional.ofNullable(draft.key()).map(ByteBuffer::wrap),
              Optional.ofNullable(draft.value()).map(ByteBuffer::wrap),
              draft.headers()));
    }
    return records;
  }

  static List<Record> readAll(BatchBytes batch) {
    var records = new ArrayList<Record>();
    RecordReader.open(batch, InflationLimit.DEFAULT).forEachRemaining(records::add);
    return records;
  }
}
