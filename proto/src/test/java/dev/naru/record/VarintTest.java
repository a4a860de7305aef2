package dev.naru.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.CodedOutputStream;
import dev.naru.testing.Seeds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class VarintTest {

  @Test
  void writesWhatProtobufWritesAndReadsItBack() {
    Seeds.forEach(
        5,
        (seed, random) -> {
          for (int i = 0; i < 5_000; i++) {
            holdsFor(ofAnyMagnitude(random));
          }
          for (long edge :
              new long[] {0, -1, 1, 63, 64, -64, -65, Long.MIN_VALUE, Long.MAX_VALUE}) {
            holdsFor(edge);
          }
        });
  }

  private static void holdsFor(long value) throws IOException {
    byte[] bytes = new byte[Varint.LONG_BYTES_MAX];
    int end = Varint.write(bytes, 0, value);
    assertThat(end).isEqualTo(Varint.size(value));
    assertThat(Arrays.copyOf(bytes, end)).isEqualTo(protobuf(value));
    assertThat(cursor(bytes, end).varlong()).isEqualTo(value);

    int narrow = (int) value;
    end = Varint.write(bytes, 0, narrow);
    assertThat(end).isEqualTo(Varint.size(narrow));
    assertThat(Arrays.copyOf(bytes, end)).isEqualTo(protobuf(narrow));
    assertThat(cursor(bytes, end).varint()).isEqualTo(narrow);
  }

  private static long ofAnyMagnitude(RandomGenerator random) {
    return random.nextLong() >> random.nextInt(Long.SIZE);
  }

  private static byte[] protobuf(long value) throws IOException {
    byte[] bytes = new byte[Varint.LONG_BYTES_MAX];
    var out = CodedOutputStream.newInstance(bytes);
    out.writeSInt64NoTag(value);
    return Arrays.copyOf(bytes, out.getTotalBytesWritten());
  }

  @Test
  void refusesNumbersThatGoOnOrStopTooEarly() {
    assertThatThrownBy(() -> cursor("8080808080 01").varint())
        .isInstanceOf(BatchRefusedException.class)
        .hasMessageContaining("Expected a number of at most 5 bytes");
    assertThatThrownBy(() -> cursor("80808080808080808080 01").varlong())
        .isInstanceOf(BatchRefusedException.class)
        .hasMessageContaining("Expected a number of at most 10 bytes");
    assertThatThrownBy(() -> cursor("8080").varint())
        .isInstanceOf(BatchRefusedException.class)
        .hasMessageContaining("it ends there");
  }

  private static RecordCursor cursor(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    return cursor(bytes, bytes.length);
  }

  private static RecordCursor cursor(byte[] bytes, int end) {
    return new RecordCursor(ByteBuffer.wrap(bytes, 0, end));
  }
}
