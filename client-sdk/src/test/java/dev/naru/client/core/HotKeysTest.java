package dev.naru.client.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.core.HotKeys.Counted;
import dev.naru.record.Murmur2;
import dev.naru.testing.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class HotKeysTest {

  private final HotKeys keys = new HotKeys(false);

  private static byte[] bytes(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] key(int number) {
    return bytes("customer-" + number);
  }

  @Test
  void countsExactlyWhileThereAreFewKeys() {
    for (int i = 0; i < 300; i++) {
      keys.count(0, key(i % 3 == 0 ? 0 : i % 30), 2);
    }

    var taken = keys.take();

    assertThat(taken).extracting(Counted::error).containsOnly(0L);
    assertThat(taken)
        .extracting(Counted::count)
        .startsWith(200L, 20L)
        .isSortedAccordingTo((a, b) -> Long.compare(b, a));
    assertThat(taken.get(0).hash()).isEqualTo(Murmur2.hash64(key(0)));
    assertThat(taken.stream().mapToLong(Counted::count).sum()).isEqualTo(600);
  }

  @Test
  void beginsAnewWhenItWasTaken() {
    keys.count(0, key(1), 5);
    keys.take();

    assertThat(keys.isEmpty()).isTrue();
    assertThat(keys.take()).isEmpty();
    keys.count(0, key(2), 1);
    assertThat(keys.take()).extracting(Counted::count).containsExactly(1L);
  }

  @Test
  void tellsPartitionsApart() {
    keys.count(0, key(1), 1);
    keys.count(2, key(1), 3);

    assertThat(keys.take()).extracting(Counted::partition).containsExactly(2, 0);
  }

  @Test
  void showsKeysOnlyIfItMayAndNoMoreThanTheirBeginning() {
    var plain = new HotKeys(true);
    byte[] large = bytes("k".repeat(1000));
    plain.count(0, large, 3);
    plain.count(0, key(1), 1);
    keys.count(0, large, 1);

    var taken = plain.take();
    assertThat(taken.get(0).key().orElseThrow()).isEqualTo(bytes("k".repeat(64)));
    assertThat(taken.get(1).key().orElseThrow()).isEqualTo(key(1));
    assertThat(keys.take().get(0).key()).isEmpty();
  }

  @Test
  void boundsTheTruthWhateverComes() {
    Seeds.forEach(50, (seed, random) -> boundsTheTruth(random));
  }

  private static void boundsTheTruth(RandomGenerator random) {
    var keys = new HotKeys(false);
    int different = random.nextInt(1, 2000);
    double skew = random.nextDouble(0, 3);
    Map<Long, Long> truth = new HashMap<>();
    long all = 0;
    for (int i = 0; i < 5000; i++) {
      byte[] key = key((int) (different * Math.pow(random.nextDouble(), 1 + skew)));
      long records = random.nextInt(1, 4);
      keys.count(0, key, records);
      truth.merge(Murmur2.hash64(key), records, Long::sum);
      all += records;
    }

    List<Counted> taken = keys.take();

    for (var each : taken) {
      assertThat(each.count()).isGreaterThanOrEqualTo(truth.get(each.hash()));
      assertThat(each.count() - each.error()).isLessThanOrEqualTo(truth.get(each.hash()));
      assertThat(each.error()).isLessThanOrEqualTo(all / HotKeys.KEYS_MAX);
    }
    long share = all / HotKeys.KEYS_MAX;
    truth.forEach((hash, count) -> {
      if (count > share) {
        assertThat(taken).extracting(Counted::hash).contains(hash);
      }
    });
  }
}
