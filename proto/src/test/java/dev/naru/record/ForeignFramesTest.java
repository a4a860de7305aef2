package dev.naru.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.naru.testing.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG.Bits;
import org.junit.jupiter.api.Test;
import org.xerial.snappy.Snappy;

/** Compressed forms that clients in other languages write and this one does not. */
class ForeignFramesTest {

  @Test
  void readsLz4FramesWithSizesChecksumsAndLargeBlocks() {
    Seeds.forEach(
        10,
        (seed, random) -> {
          byte[] bytes = Drafts.bytes(random, random.nextInt(1, 300_000));
          for (var blockSize : BLOCKSIZE.values()) {
            byte[] frame = lz4(bytes, blockSize);

            assertThat(inflate(Compression.LZ4, frame)).isEqualTo(ByteBuffer.wrap(bytes));
          }
        });
  }

  @Test
  void noticesAnLz4FrameThatDoesNotMatchItsOwnHashes() throws IOException {
    byte[] frame = lz4("naru naru naru naru".getBytes(UTF_8), BLOCKSIZE.SIZE_64KB);
    for (int at = 0; at < frame.length; at++) {
      byte[] spoiled = frame.clone();
      spoiled[at] ^= 1;

      assertThatThrownBy(() -> inflate(Compression.LZ4, spoiled))
          .isInstanceOf(BatchRefusedException.class);
    }
  }

  private static byte[] lz4(byte[] bytes, BLOCKSIZE blockSize) throws IOException {
    var frame = new ByteArrayOutputStream();
    try (var lz4 =
        new LZ4FrameOutputStream(
            frame,
            blockSize,
            bytes.length,
            Bits.BLOCK_INDEPENDENCE,
            Bits.BLOCK_CHECKSUM,
            Bits.CONTENT_CHECKSUM,
            Bits.CONTENT_SIZE)) {
      lz4.write(bytes);
    }
    return frame.toByteArray();
  }

  @Test
  void readsASnappyBlockWithoutFraming() throws IOException {
    byte[] bytes = new byte[100_000];

    assertThat(inflate(Compression.SNAPPY, Snappy.compress(bytes)))
        .isEqualTo(ByteBuffer.wrap(bytes));
  }

  @Test
  void readsAZstdStreamThatDoesNotSayItsSize() throws IOException {
    byte[] bytes = new byte[100_000];
    var frame = new ByteArrayOutputStream();
    try (var zstd = new ZstdOutputStreamNoFinalizer(frame, 22)) {
      zstd.write(bytes);
    }

    assertThat(inflate(Compression.ZSTD, frame.toByteArray())).isEqualTo(ByteBuffer.wrap(bytes));
  }

  private static ByteBuffer inflate(Compression compression, byte[] frame) {
    return compression.inflate(ByteBuffer.wrap(frame), InflationLimit.DEFAULT);
  }
}
