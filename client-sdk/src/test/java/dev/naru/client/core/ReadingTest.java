package dev.naru.client.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.NaruException;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.fake.Batches;
import dev.naru.record.BatchBytes;
import dev.naru.record.BatchSieve;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadingTest {

  private final Reading reading =
      new Reading(new TopicPartition("orders", 0), Position.beginning());

  private static BatchBytes stamped(long base, int epoch, String... values) {
    var batch = Batches.at(100 + base, values);
    batch.stamp(base, new LeaderEpoch(epoch));
    return batch;
  }

  private static BatchBytes joined(BatchBytes... batches) {
    int size = 0;
    for (var batch : batches) {
      size += batch.size();
    }
    var all = ByteBuffer.allocate(size);
    for (var batch : batches) {
      all.put(batch.asByteBuffer());
    }
    return BatchBytes.of(all.flip());
  }

  private List<Long> drain(int most) {
    var offsets = new ArrayList<Long>();
    reading.drain(most, record -> offsets.add(record.offset()));
    return offsets;
  }

  @Test
  void wantsNothingBeforeItsPositionIsKnown() {
    assertThat(reading.wantsFetch(1000)).isFalse();
    assertThat(reading.position()).isEmpty();

    reading.settle(5);

    assertThat(reading.wantsFetch(1000)).isTrue();
    assertThat(reading.fetchOffset()).isEqualTo(5);
    assertThat(reading.fetchEpoch()).isEmpty();
  }

  @Test
  void fetchesAheadOfThePositionAndMovesItRecordByRecord() {
    reading.settle(0);
    reading.fetched(joined(stamped(0, 3, "a", "b"), stamped(2, 4, "c")));

    assertThat(reading.fetchOffset()).isEqualTo(3);
    assertThat(reading.fetchEpoch()).contains(new LeaderEpoch(4));
    assertThat(drain(2)).containsExactly(0L, 1L);
    assertThat(reading.position()).hasValue(2);
    assertThat(drain(2)).containsExactly(2L);
    assertThat(drain(2)).isEmpty();
    assertThat(reading.fetchedBytes()).isZero();
    assertThat(reading.fetchEpoch()).contains(new LeaderEpoch(4));
  }

  @Test
  void skipsRecordsBeforeThePositionInTheFirstBatch() {
    reading.settle(1);

    reading.fetched(stamped(0, 1, "a", "b", "c"));

    assertThat(drain(10)).containsExactly(1L, 2L);
  }

  @Test
  void stepsOverGapsThatCompactionLeft() {
    reading.settle(3);

    reading.fetched(stamped(7, 1, "a"));

    assertThat(drain(10)).containsExactly(7L);
    assertThat(reading.position()).hasValue(8);
  }

  @Test
  void stepsOverBatchesOfWhichCompactionLeftNoRecord() {
    reading.settle(3);

    reading.fetched(BatchSieve.emptied(stamped(2, 4, "a", "b", "c").header()));

    assertThat(reading.fetchOffset()).isEqualTo(5);
    assertThat(drain(10)).isEmpty();
    assertThat(reading.position()).hasValue(5);
    assertThat(reading.fetchEpoch()).contains(new LeaderEpoch(4));
    assertThat(reading.fetchedBytes()).isZero();
  }

  @Test
  void forgetsWhatWasFetchedAndAskedWhenItSeeks() {
    reading.settle(0);
    reading.fetched(stamped(0, 1, "a"));
    reading.beginFetch();
    int asked = reading.generation();

    reading.seek(Position.offset(9));
    reading.settle(9);

    assertThat(reading.isFetching()).isFalse();
    assertThat(reading.generation()).isNotEqualTo(asked);
    assertThat(drain(10)).isEmpty();
    reading.beginFetch();
    reading.endFetch(asked);
    assertThat(reading.isFetching()).isTrue();
  }

  @Test
  void reportsDamageOnlyAfterEverythingBeforeItWasHandedOut() {
    reading.settle(0);
    var damaged = Batches.damaged("x");
    damaged.stamp(1, new LeaderEpoch(1));
    reading.fetched(joined(stamped(0, 1, "a"), damaged, stamped(2, 1, "b")));

    assertThat(reading.failure()).isEmpty();
    assertThat(drain(10)).containsExactly(0L);

    assertThat(reading.failure().orElseThrow().details()).containsEntry("next.offset", "2");
    assertThat(reading.position()).hasValue(1);
    assertThat(reading.wantsFetch(1000)).isFalse();
    assertThat(drain(10)).isEmpty();
  }

  @Test
  void keepsTheWholeBatchesBeforeOneThatIsCutOff() {
    reading.settle(0);
    var sound = stamped(0, 1, "a");
    var cut = ByteBuffer.allocate(sound.size() + 20).put(sound.asByteBuffer()).position(0);

    reading.fetched(BatchBytes.of(cut));

    assertThat(drain(10)).containsExactly(0L);
    assertThat(reading.failure()).isEmpty();
  }

  @Test
  void stopsBeforeItsStopAndWantsNoMore() {
    reading.settle(0);
    reading.stopAt(2);
    reading.fetched(stamped(0, 1, "a", "b", "c"));

    assertThat(drain(10)).containsExactly(0L, 1L);
    assertThat(reading.isAtStop()).isTrue();
    assertThat(reading.wantsFetch(1000)).isFalse();
  }

  @Test
  void stopsAtTheFirstRecordThatIsYoungEnough() {
    reading.settle(0);
    reading.stopAtTime(102);
    reading.fetched(stamped(0, 1, "a", "b", "c"));

    assertThat(drain(10)).containsExactly(0L, 1L);
    assertThat(reading.isAtStop()).isTrue();
    assertThat(reading.position()).hasValue(2);
  }

  @Test
  void losesNoRecordWhenItsStopIsMovedOn() {
    reading.settle(0);
    reading.stopAtTime(101);
    reading.fetched(stamped(0, 1, "a", "b", "c"));
    assertThat(drain(10)).containsExactly(0L);

    reading.stopAt(3);

    assertThat(drain(10)).containsExactly(1L, 2L);
  }

  @Test
  void handsOutNothingWhilePausedAndKeepsWhatItHas() {
    reading.settle(0);
    reading.fetched(stamped(0, 1, "a"));

    reading.pause(true);
    assertThat(drain(10)).isEmpty();
    reading.pause(false);

    assertThat(drain(10)).containsExactly(0L);
  }

  @Test
  void givesUpWhatNobodyCanTakeAndFetchesItAgain() {
    reading.settle(0);
    reading.fetched(stamped(0, 1, "a", "b"));
    assertThat(drain(1)).containsExactly(0L);
    reading.dropIdle();
    assertThat(reading.idleBytes()).as("while it can be taken").isZero();
    assertThat(reading.fetchedBytes()).isPositive();
    reading.beginFetch();
    int asked = reading.generation();

    reading.pause(true);
    assertThat(reading.idleBytes()).isEqualTo(reading.fetchedBytes());
    reading.dropIdle();
    reading.pause(false);

    assertThat(reading.fetchedBytes()).isZero();
    assertThat(reading.fetchOffset()).isEqualTo(1);
    assertThat(reading.generation()).as("what follows would leave a gap").isNotEqualTo(asked);
    assertThat(reading.wantsFetch(1000)).isTrue();
    reading.fetched(stamped(0, 1, "a", "b"));
    assertThat(drain(2)).containsExactly(1L);
  }

  @Test
  void keepsWhatIsBeforeAFailureAlthoughNobodyCanTakeIt() {
    reading.settle(0);
    reading.fetched(stamped(0, 1, "a"));
    reading.fail(new NaruException(ErrorCode.DATA_LOST, "Expected x, but y"));
    reading.stopAt(0);

    reading.dropIdle();
    reading.stopAt(9);

    assertThat(drain(2)).containsExactly(0L);
    assertThat(reading.failure()).isPresent();
  }
}
