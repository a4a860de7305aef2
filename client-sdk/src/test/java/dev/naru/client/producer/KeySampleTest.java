package dev.naru.client.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.KeyReporting;
import dev.naru.client.core.HotKeys.Counted;
import dev.naru.testing.Seeds;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class KeySampleTest {

  private static byte[] bytes(int key) {
    return Integer.toString(key).getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void standsForAllRecordsWhateverTheirRhythm() {
    Seeds.forEach(
        10,
        (seed, random) -> {
          var keys = new FrequentKeys(KeyReporting.HASHED, random);
          var sample = keys.tap(3);
          for (int i = 0; i < 160_000; i++) {
            sample.appended(bytes(i % 16)); // each sixteenth record has the same key
          }

          assertThat(sample.takeRecords()).isEqualTo(160_000);
          var taken = keys.take();
          assertThat(taken).hasSize(16).allMatch(each -> each.partition() == 3);
          assertThat(taken)
              .extracting(Counted::count)
              .allMatch(count -> count > 7_000 && count < 13_000);
        });
  }

  @Test
  void countsRecordsWithoutAKeyAndLooksNoFurther() {
    var keys = new FrequentKeys(KeyReporting.PLAIN, Seeds.random(1));
    var sample = keys.tap(0);
    for (int i = 0; i < 1000; i++) {
      sample.appended(null);
    }

    assertThat(keys.take()).isEmpty();
    assertThat(sample.takeRecords()).isEqualTo(1000);
    assertThat(sample.takeRecords()).isZero();
  }

  @Test
  void looksAtNothingWhenNobodyIsTold() {
    var keys = new FrequentKeys(KeyReporting.OFF, Seeds.random(1));
    var sample = keys.tap(0);
    for (int i = 0; i < 1000; i++) {
      sample.appended(bytes(i));
    }

    assertThat(keys.take()).isEmpty();
    assertThat(sample.takeRecords()).isZero();
  }
}
