package dev.naru.broker.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.naru.broker.flow.HotKeyTable.KeyCount;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HotKeyTableTest {

  private static final PartitionId P = new PartitionId(TopicId.of(1, 1), 4);

  private final HotKeyTable table = new HotKeyTable();
  private long nowNanos = 5;

  @Test
  void tellsWhatPartOfTheRecordsAKeyHas() {
    report(1_000, key(7, 800), key(8, 100));

    assertThat(shares()).isEqualTo("7=0.80 8=0.10");
  }

  @Test
  void addsUpWhatProducersTell() {
    report(1_000, key(7, 800));
    report(500, key(7, 100), key(9, 300));

    assertThat(shares()).isEqualTo("7=0.60 9=0.20");
  }

  /** One that tells of few records says nothing of the many of those that tell nothing. */
  @Test
  void takesItsShareOfAllThatCameIn() {
    reportOf(1_000, 100, key(7, 100));
    reportOf(10_900, 100, key(7, 100));

    assertThat(hot().getFirst().share()).isCloseTo(200 / 9_900.0, within(1e-9));
  }

  @Test
  void startsToCountAnewWithANewCounter() {
    reportOf(1_000_000, 100, key(7, 50));
    reportOf(10, 100, key(7, 50));

    assertThat(shares()).isEqualTo("7=0.50");
  }

  @Test
  void countsHalfOfItAMinuteLater() {
    report(1_000, key(7, 1_000));
    pass(60);
    report(500, key(8, 500));

    assertThat(shares()).isEqualTo("7=0.50 8=0.50");
  }

  @Test
  void knowsNothingAfterAMinuteOfSilence() {
    report(1_000, key(7, 1_000));
    pass(60);
    assertThat(hot()).hasSize(1);
    pass(1);
    assertThat(hot()).isEmpty();
  }

  @Test
  void forgetsAKeyOnceAnotherIsUsed() {
    report(100_000, key(7, 80_000));
    for (int i = 0; i < 6; i++) {
      pass(10);
      report(100_000, key(8, 1_000));
    }
    assertThat(hot().getFirst().hash()).isEqualTo(7);
    assertThat(hot().getFirst().share()).isLessThan(0.1);
  }

  @Test
  void keepsTheMostFrequentOfManyKeys() {
    report(10_000, IntStream.range(0, 32).mapToObj(i -> key(i, 100 + i)).toArray(KeyCount[]::new));
    report(10_000, key(100, 99), key(101, 5_000), key(102, 101));

    assertThat(hot()).hasSize(1);
    assertThat(hot().getFirst().hash()).isEqualTo(101);
    report(0, key(0, 10_000));
    assertThat(hot().getFirst().share()).as("it was kept out, and begins anew").isEqualTo(0.5);
  }

  /** Of a sketch that is full, any key has a count, which may be none of its own. */
  @Test
  void countsOnlyWhatIsSure() {
    report(1_000, key(7, 0), key(8, 9));

    assertThat(hot()).isEmpty();
  }

  @Test
  void showsNoMoreThanEightAndNeverMoreThanAll() {
    report(100, IntStream.range(0, 20).mapToObj(i -> key(i, 16)).toArray(KeyCount[]::new));
    assertThat(hot()).hasSize(8);

    report(0, key(99, 1_000));
    assertThat(hot().getFirst().share()).isEqualTo(1);
  }

  @Test
  void remembersAKeyThatOneProducerShows() {
    var bytes = Optional.of(ByteBuffer.wrap(new byte[] {'a'}));
    report(10, new KeyCount(7, bytes, 5));
    report(10, key(7, 5));

    assertThat(hot()).containsExactly(new HotKey(7, bytes, 0.5));
  }

  @Test
  void forgetsThePartitionThatWasNotToldOfForLongest() {
    for (int i = 0; i <= HotKeyTable.PARTITIONS_MAX; i++) {
      table.report(
          new PartitionId(P.topic(), i), nowNanos, 10, OptionalLong.empty(), List.of(key(7, 10)));
      if (i == 10) {
        report(10, key(7, 10)); // partition 4 again
      }
    }

    assertThat(table.partitions()).isEqualTo(HotKeyTable.PARTITIONS_MAX);
    assertThat(table.of(new PartitionId(P.topic(), 0), nowNanos)).isEmpty();
    assertThat(hot()).hasSize(1);
  }

  private static KeyCount key(long hash, long sure) {
    return new KeyCount(hash, Optional.empty(), sure);
  }

  private void report(long records, KeyCount... keys) {
    table.report(P, nowNanos, records, OptionalLong.empty(), List.of(keys));
  }

  private void reportOf(long taken, long records, KeyCount... keys) {
    table.report(P, nowNanos, records, OptionalLong.of(taken), List.of(keys));
  }

  private void pass(int seconds) {
    nowNanos += Duration.ofSeconds(seconds).toNanos();
  }

  private List<HotKey> hot() {
    return table.of(P, nowNanos);
  }

  private String shares() {
    return String.join(
        " ", hot().stream().map(key -> "%d=%.2f".formatted(key.hash(), key.share())).toList());
  }
}
