package dev.naru.client.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PartitionersTest {

  @Test
  void hashesTheBytesOfAKeyWhateverBufferTheyLieIn() {
    byte[] key = "customer-42".getBytes(StandardCharsets.UTF_8);
    var wide = ByteBuffer.allocate(key.length + 6).put(3, key).position(3).limit(3 + key.length);

    assertThat(KeyPartitioner.partition(wide, 12))
        .isEqualTo(KeyPartitioner.partition(key, 12))
        .isEqualTo(KeyPartitioner.partition(ByteBuffer.wrap(key), 12))
        .isEqualTo(KeyPartitioner.partition(ByteBuffer.wrap(key).asReadOnlyBuffer(), 12));
    assertThat(wide.remaining()).isEqualTo(key.length);
  }

  @Test
  void staysForABatchAndGoesOnToTheNextPartition() {
    var sticky = new StickyPartitioner(3, 100, () -> 100, 2);
    var turns = new ArrayList<Integer>();

    for (int i = 0; i < 8; i++) {
      turns.add(sticky.current());
      sticky.appended(sticky.current(), 50, partition -> true);
    }

    assertThat(turns).containsExactly(2, 2, 0, 0, 1, 1, 2, 2);
  }

  @Test
  void saysThatNoMoreWillComeToAPartitionWhoseTurnIsOver() {
    var sticky = new StickyPartitioner(2, 100, () -> 100, 0);
    assertThat(sticky.appended(0, 50, partition -> true)).isTrue();
    assertThat(sticky.appended(0, 50, partition -> true)).isFalse();

    assertThat(sticky.appended(0, 50, partition -> true)).as("of a straggler").isFalse();
    assertThat(sticky.appended(1, 50, partition -> true)).isTrue();
  }

  @Test
  void passesOverWhoHadALongTurnUntilTheOthersHaveHadAsMuch() {
    var turnBytes = new AtomicInteger(300);
    var sticky = new StickyPartitioner(3, 100, turnBytes::get, 0);

    var turns = partitionsOf(3, sticky); // records of 100 bytes
    turnBytes.set(100);
    turns.addAll(partitionsOf(7, sticky));

    assertThat(turns).containsExactly(0, 0, 0, 1, 2, 1, 2, 1, 2, 0);
  }

  private static List<Integer> partitionsOf(int records, StickyPartitioner sticky) {
    var partitions = new ArrayList<Integer>();
    for (int i = 0; i < records; i++) {
      partitions.add(sticky.current());
      sticky.appended(sticky.current(), 100, partition -> true);
    }
    return partitions;
  }

  @Test
  void passesOverPartitionsWithoutALeaderWhileOthersHaveOne() {
    var sticky = new StickyPartitioner(4, 100, () -> 100, 0);

    sticky.endTurn(0, partition -> partition == 3);
    assertThat(sticky.current()).isEqualTo(3);
    sticky.endTurn(3, partition -> false);
    assertThat(sticky.current()).isZero();
  }
}
