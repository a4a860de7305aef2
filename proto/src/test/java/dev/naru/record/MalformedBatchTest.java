package dev.naru.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.naru.testing.Seeds;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Batches with a good checksum over bad bytes: what a broken or hostile client may send. */
class MalformedBatchTest {

  private static final InflationLimit LIMIT = new InflationLimit(2 << 20, 100);

  /** The inflated bytes, an array that doubles, and the records that point into it. */
  private static final long ALLOCATED_BYTES_MAX = 16L << 20;

  private static final int TRIES = 300;

  @ParameterizedTest
  @EnumSource
  void areReadOrRefusedWithinBoundsWhateverTheirBytesAre(Compression compression) {
    Seeds.forEach(
        4,
        (seed, random) -> {
          var sound = bytesOf(Drafts.encode(Drafts.random(random), compression));
          for (int i = 0; i < TRIES; i++) {
            var batch = signed(spoiled(sound, random));
            long before = allocatedBytes();

            boolean readable = isReadable(batch);

            assertThat(allocatedBytes() - before).isLessThan(ALLOCATED_BYTES_MAX);
            if (isSeenThrough(batch) && passes(batch)) {
              assertThat(readable).as("what passes the check can be read").isTrue();
            }
          }
        });
  }

  /** The attributes may be spoiled too, and what is compressed is not walked. */
  private static boolean isSeenThrough(BatchBytes batch) {
    return batch.header().compression().equals(Optional.of(Compression.NONE));
  }

  private static boolean passes(BatchBytes batch) {
    return BatchCheck.frame(batch, batch.size())
        .or(() -> BatchCheck.checksum(batch))
        .or(() -> BatchCheck.clientBatch(batch))
        .isEmpty();
  }

  private static boolean isReadable(BatchBytes batch) {
    try {
      RecordReader.open(batch, LIMIT).forEachRemaining(read -> {});
      return true;
    } catch (BatchRefusedException e) {
      return false;
    }
  }

  /** Flips bits, cuts the end or writes noise over a part, anywhere behind the magic. */
  private static byte[] spoiled(byte[] sound, RandomGenerator random) {
    int first = BatchHeader.ATTRIBUTES;
    boolean cut = random.nextInt(4) == 0;
    byte[] bytes =
        Arrays.copyOf(
            sound, cut ? random.nextInt(BatchHeader.SIZE, sound.length + 1) : sound.length);
    int from = random.nextInt(3) == 0 ? first : Math.min(BatchHeader.SIZE, bytes.length - 1);
    for (int flips = random.nextInt(4); flips > 0; flips--) {
      bytes[random.nextInt(from, bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    if (random.nextInt(4) == 0) {
      int at = random.nextInt(from, bytes.length);
      byte[] noise = new byte[random.nextInt(Math.min(16, bytes.length - at) + 1)];
      random.nextBytes(noise);
      System.arraycopy(noise, 0, bytes, at, noise.length);
    }
    return bytes;
  }

  /** Gives the bytes the length and the checksum that they should have. */
  private static BatchBytes signed(byte[] bytes) {
    var buffer = ByteBuffer.wrap(bytes);
    buffer.putInt(BatchHeader.BATCH_LENGTH, bytes.length - BatchHeader.BYTES_BEFORE_LENGTH_COUNTS);
    buffer.putInt(BatchHeader.CRC, Crc32c.of(buffer, BatchHeader.ATTRIBUTES, bytes.length));
    return BatchBytes.of(buffer);
  }

  private static byte[] bytesOf(BatchBytes batch) {
    byte[] bytes = new byte[batch.size()];
    batch.asByteBuffer().get(bytes);
    return bytes;
  }

  private static long allocatedBytes() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
