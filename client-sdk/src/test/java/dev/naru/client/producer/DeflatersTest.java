package dev.naru.client.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.record.Compression;
import org.junit.jupiter.api.Test;

class DeflatersTest {

  private final Deflaters deflaters = new Deflaters();

  @Test
  void keepsOneForEachCodecAndLevel() {
    var five = deflaters.of(Compression.GZIP, 5);

    assertThat(deflaters.of(Compression.GZIP, 5)).isSameAs(five);
    assertThat(deflaters.of(Compression.GZIP, 6)).isNotSameAs(five);
    assertThat(deflaters.of(Compression.LZ4, 5)).isNotSameAs(five);
    assertThat(deflaters.of(Compression.GZIP, 5)).isSameAs(five);
  }

  @Test
  void givesUpThoseThatWereNotUsedForLongest() {
    var five = deflaters.of(Compression.ZSTD, 5);
    var six = deflaters.of(Compression.ZSTD, 6);
    for (int level = 7; level <= 18; level++) {
      deflaters.of(Compression.ZSTD, level);
      assertThat(deflaters.of(Compression.ZSTD, 5)).isSameAs(five);
    }

    assertThat(deflaters.count()).isEqualTo(8);
    assertThat(deflaters.of(Compression.ZSTD, 6)).isNotSameAs(six);
    deflaters.close();
    assertThat(deflaters.count()).isZero();
  }
}
