package dev.naru.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class InflationTest {

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
  void stopsAtTheLimitOfBytes(Compression compression) {
    var packed = packed(new byte[2_000_000], compression);

    assertThat(compression.inflate(packed, new InflationLimit(2_000_000, 1_000_000)).remaining())
        .isEqualTo(2_000_000);
    assertThatThrownBy(() -> compression.inflate(packed, new InflationLimit(1_999_999, 1_000_000)))
        .isInstanceOf(BatchRefusedException.class)
        .hasMessage(
            "CORRUPT_RECORD: Expected records of at most 1999999 bytes when inflated, "
                + "but they are more");
  }

  @ParameterizedTest
  @EnumSource(names = {"GZIP", "LZ4", "ZSTD"}) // snappy never gets far beyond 20 to 1
  void stopsAtTheRatioOnceItIsMoreThanAHandful(Compression compression) {
    var handful = packed(new byte[InflationLimit.HARMLESS_BYTES], compression);
    var bomb = packed(new byte[50 << 20], compression);

    assertThat(compression.inflate(handful, InflationLimit.DEFAULT).remaining())
        .isEqualTo(InflationLimit.HARMLESS_BYTES);
    assertThatThrownBy(() -> compression.inflate(bomb, InflationLimit.DEFAULT))
        .isInstanceOf(BatchRefusedException.class)
        .hasMessageContaining("bytes when inflated, but they are more");
  }

  @Test
  void believesNoSnappyBlockThatClaimsToBeHuge() {
    var claimsTwoGigabytes = ByteBuffer.wrap(HexFormat.of().parseHex("ffffffff07" + "00"));

    assertThatThrownBy(() -> Compression.SNAPPY.inflate(claimsTwoGigabytes, InflationLimit.DEFAULT))
        .isInstanceOf(BatchRefusedException.class)
        .hasMessageStartingWith("CORRUPT_RECORD: Expected records");
  }

  @Test
  void refusesLimitsUnderWhichNothingOpens() {
    for (var limit : List.of(new int[] {0, 1}, new int[] {1, 0})) {
      assertThatThrownBy(() -> new InflationLimit(limit[0], limit[1]))
          .hasMessageStartingWith("Expected limits >= 1, but were");
    }
  }

  private static ByteBuffer packed(byte[] bytes, Compression compression) {
    return compression.deflate(bytes, 0, bytes.length, 0).view();
  }
}
