package dev.naru.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.testing.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class Murmur2Test {

  @Test
  @Tag("S20")
  void putsEveryKeyWhereKafkasDefaultPartitionerDoes() {
    Seeds.forEach(
        5,
        (seed, random) -> {
          for (int i = 0; i < 2_000; i++) {
            byte[] key = Drafts.bytes(random, random.nextInt(70));
            int partitions = 1 + random.nextInt(200);

            assertThat(Murmur2.hash(key)).isEqualTo(Utils.murmur2(key));
            assertThat(Murmur2.partition(key, partitions))
                .isEqualTo(Utils.toPositive(Utils.murmur2(key)) % partitions);
          }
        });
  }

  @Test
  void keepsAKeyWhereItAlwaysWas() {
    byte[] key = "21".getBytes(StandardCharsets.UTF_8);

    assertThat(Murmur2.hash(key)).isEqualTo(-973932308); // a value of Kafka's own test
  }

  @Test
  void tellsKeysApartByAHashOfTwice() {
    var seen = new HashSet<Long>();
    var lower = new HashSet<Integer>();
    for (int i = 0; i < 50_000; i++) {
      byte[] key = ("customer-" + i).getBytes(StandardCharsets.UTF_8);
      long hash = Murmur2.hash64(key);

      assertThat((int) (hash >>> Integer.SIZE)).isEqualTo(Murmur2.hash(key));
      seen.add(hash);
      lower.add((int) hash);
    }
    assertThat(seen).hasSize(50_000);
    assertThat(lower).hasSizeGreaterThan(49_980);
  }
}
