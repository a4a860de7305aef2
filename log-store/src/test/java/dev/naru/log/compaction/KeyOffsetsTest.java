package dev.naru.log.compaction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.testing.Seeds;
import java.util.HashMap;
import org.junit.jupiter.api.Test;

class KeyOffsetsTest {

  private static final byte[] SALT = {9, 9};

  @Test
  void saysWhichSettingIsToBeLowerWhereTheMachineHasNotSoMuchMemory() {
    assertThatThrownBy(() -> new KeyOffsets(1L << 60, 1L << 58, SALT))
        .isInstanceOf(KeyMemoryException.class)
        .hasMessageContaining("log.cleaner.dedupe.buffer.size");
  }

  @Test
  void knowsTheNewestOffsetOfEachKey() {
    Seeds.forEach(
        50,
        (seed, random) -> {
          var model = new HashMap<String, Long>();
          try (var map = new KeyOffsets(1 << 20, 500, SALT)) {
            for (int i = 0; i < 2_000; i++) {
              String key = "key-" + random.nextInt(500);
              long offset = random.nextLong(1L << 50);
              model.merge(key, offset, Math::max);
              put(map, key, offset);
            }
            assertThat(map.size()).isEqualTo(model.size());
            model.forEach((key, newest) -> {
              assertThat(hasNewer(map, key, newest - 1)).isTrue();
              assertThat(hasNewer(map, key, newest)).isFalse();
            });
            assertThat(hasNewer(map, "another", 0)).isFalse();
          }
        });
  }

  @Test
  void takesNoMoreMemoryThanItMay() {
    try (var map = new KeyOffsets(24 * 1_000, Long.MAX_VALUE / 2, SALT)) {
      assertThat(map.capacity()).isEqualTo(800);
    }
  }

  @Test
  void isFullWhenItSaysSo() {
    try (var map = new KeyOffsets(24 * 10, 1_000, SALT)) {
      for (int i = 0; map.room() > 0; i++) {
        put(map, "key-" + i, i);
      }

      put(map, "key-0", 99);

      assertThat(hasNewer(map, "key-0", 98)).isTrue();
      assertThatThrownBy(() -> put(map, "one more", 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Expected room for another key");
    }
  }

  private static void put(KeyOffsets map, String key, long offset) {
    byte[] bytes = ("<" + key + ">").getBytes(UTF_8);
    map.put(bytes, 1, bytes.length - 2, offset);
  }

  private static boolean hasNewer(KeyOffsets map, String key, long offset) {
    byte[] bytes = key.getBytes(UTF_8);
    return map.hasNewer(bytes, 0, bytes.length, offset);
  }
}
