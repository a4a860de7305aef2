package dev.naru.log;

import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.append;
import static dev.naru.log.LogFixture.batch;
import static dev.naru.log.LogFixture.force;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.log.AppendResult.Appended;
import dev.naru.log.AppendResult.NotAppended;
import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.retention.DropReason;
import dev.naru.log.retention.Keep;
import dev.naru.log.salvage.SetAsideReason;
import dev.naru.log.store.LogStore;
import dev.naru.record.BatchBytes;
import dev.naru.record.Crc32c;
import dev.naru.record.TimestampType;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PartitionLogTest {

  private static final LeaderEpoch ONE = new LeaderEpoch(1);
  private static final LeaderEpoch TWO = new LeaderEpoch(2);

  private final CrashableDisk disk = LogFixture.formatted();
  private final LogStore store = LogFixture.open(disk);
  private final PartitionLog log = store.create(partition(0), LogFixture.SMALL);

  private static BatchBytes stamped(BatchBytes batch, long offset, int epoch) {
    batch.stamp(offset, new LeaderEpoch(epoch));
    return batch;
  }

  private static BatchBytes together(BatchBytes... batches) {
    var all = ByteBuffer.allocate(1 << 16);
    for (BatchBytes each : batches) {
      all.put(each.asByteBuffer());
    }
    return BatchBytes.of(all.flip());
  }

  private String refusal(BatchBytes many, LeaderEpoch leaderEpoch) {
    var before = log.end();
    var result = (NotAppended) log.appendAsFollower(many, leaderEpoch);
    assertThat(log.end()).isEqualTo(before);
    return result.why().reason();
  }

  @Test
  void givesEachBatchItsOffsetsItsEpochAndOnceItsTime() {
    log.configure(new LogConfig(1 << 20, TimestampType.LOG_APPEND_TIME));
    var batch = batch(3, 10, 5);

    var appended = log.appendAsLeader(batch, TWO, NOW_MILLIS);

    assertThat(appended).isEqualTo(new Appended(0, 3, batch.size(), false));
    var stored = log.view().read(0, 1_000, 3).batches().header();
    assertThat(stored.leaderEpoch()).isEqualTo(2);
    assertThat(stored.maxTimestamp()).isEqualTo(NOW_MILLIS);
    assertThat(log.view().firstAtOrAfter(6, 3).record())
        .contains(new TimestampedOffset(0, NOW_MILLIS, TWO));
  }

  @Test
  @Tag("S133")
  void closesASegmentWhenTheNextBatchWouldMakeItLargerThanItMayBe() {
    int batchBytes = batch(3).size();
    log.configure(new LogConfig(4 * batchBytes, TimestampType.CREATE_TIME));
    for (int i = 0; i < 4; i++) {
      assertThat(append(log, 3, 1).hasRolled()).isFalse();
    }

    assertThat(append(log, 3, 1).hasRolled()).isTrue();

    var directory = partition(0).toString();
    assertThat(disk.bytes(directory + "/00000000000000000000.log")).hasSize(4 * batchBytes);
    assertThat(disk.bytes(directory + "/00000000000000000012.log")).hasSize(batchBytes);
  }

  @Test
  void aFollowerRefusesWhatDoesNotGoOnFromItsEnd() {
    append(log, 3, 2);

    assertThat(refusal(stamped(batch(1), 4, 2), TWO)).contains("at offset 3", "[4, 4]");
    assertThat(refusal(stamped(batch(1), 3, 1), TWO)).contains("leader epoch in [2, 2]", "was 1");
    assertThat(refusal(stamped(batch(1), 3, 3), TWO)).contains("leader epoch in [2, 2]", "was 3");
    assertThat(refusal(stamped(batch(1), 3, 2).slice(0, 60), TWO)).contains("61 bytes");
    assertThat(refusal(together(stamped(batch(2), 3, 2), stamped(batch(1), 6, 2)), TWO))
        .contains("at offset 5");
  }

  @Test
  void aFollowerRefusesAlteredBytes() {
    var altered = ByteBuffer.allocate(1 << 10).put(stamped(batch(2), 0, 1).asByteBuffer()).flip();
    altered.put(70, (byte) ~altered.get(70));

    assertThat(refusal(BatchBytes.of(altered), ONE)).contains("checksum");
  }

  @Test
  void leaderAndFollowerRollAtTheSameOffsets() {
    var followed = store.create(partition(1), LogFixture.SMALL);
    var sent = ByteBuffer.allocate(1 << 16);
    for (int i = 0; i < 40; i++) {
      var batch = batch(1 + i % 7);
      log.appendAsLeader(batch, ONE, NOW_MILLIS);
      sent.put(batch.asByteBuffer());
    }

    followed.appendAsFollower(BatchBytes.of(sent.flip()), ONE);

    for (String name : disk.files(partition(0).toString())) {
      String other = name.replace(partition(0).toString(), partition(1).toString());
      assertThat(disk.exists(other)).as(other).isTrue();
      if (name.endsWith(".log")) {
        assertThat(disk.bytes(other)).isEqualTo(disk.bytes(name));
      }
    }
  }

  @Test
  void rollsBeforeARelativeOffsetPasses31Bits() {
    log.configure(LogConfig.DEFAULTS);
    for (int i = 0; i < 2; i++) {
      var wide = ByteBuffer.allocate(1 << 10).put(batch(1).asByteBuffer()).flip();
      wide.putInt(23, Integer.MAX_VALUE); // the last offset delta, as after compaction
      wide.putInt(17, Crc32c.of(wide, 21, wide.limit()));

      var appended = log.appendAsLeader(BatchBytes.of(wide), ONE, NOW_MILLIS);

      assertThat(appended.hasRolled()).isEqualTo(i > 0);
    }
    assertThat(disk.files(partition(0).toString()))
        .anyMatch(name -> name.endsWith("/00000000002147483648.log"));
    assertThat(log.view().read(1L << 31, 100, 1L << 32).nextOffset()).isEqualTo(1L << 32);
  }

  @Test
  void tellsDamageMetByACutFromAFaultOfTheCaller() {
    append(log, 3, 1);
    append(log, 3, 1);
    assertThatThrownBy(() -> log.truncateTo(4, "test"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("inside one");

    String name = partition(0) + "/00000000000000000000.log";
    try (var file = disk.open(name).orElseThrow()) {
      file.write(ByteBuffer.wrap(new byte[] {0}), file.size() / 2 + 16); // the second one's magic
    }

    assertThatThrownBy(() -> log.truncateTo(0, "test")).isInstanceOf(LogDamagedException.class);
  }

  @Test
  void looksForTheBatchThatEndsAtAnOffsetNearThatOffset() {
    log.configure(LogConfig.DEFAULTS);
    for (int i = 0; i < 2_000; i++) {
      append(log, 3, 1);
    }
    int crc = log.lastBatch().orElseThrow().crc();
    long readBefore = disk.bytesRead();

    assertThat(log.view().crcAt(6_000)).hasValue(crc);
    assertThat(log.view().crcAt(5_998)).as("inside the last batch").isEmpty();

    assertThat(disk.bytesRead() - readBefore).isLessThan(50_000);
  }

  @Test
  void aTicketFromBeforeACutDoesNotRaiseTheDurableEnd() {
    append(log, 4, 1);
    var early = log.prepareForce();
    append(log, 4, 1);
    var late = log.prepareForce();

    early.perform();
    log.truncateTo(4, "test");
    append(log, 2, 2);

    assertThat(late.isCurrent()).isFalse();
    assertThat(log.forced(early)).isEqualTo(4);
    assertThat(log.forced(late)).isEqualTo(4);
    force(store, log);
    assertThat(log.durableEnd()).isEqualTo(6);
  }

  @Test
  void aTicketCoversWhatWasThereWhenItWasMade() {
    append(log, 4, 1);
    var ticket = log.prepareForce();
    append(log, 4, 1);

    ticket.perform();

    assertThat(log.forced(ticket)).isEqualTo(4);
    assertThat(log.isDurable()).isFalse();
  }

  @Test
  void anOldViewOfACutLogReadsNothingOrWhatStillIsThere() {
    for (int i = 0; i < 60; i++) {
      append(log, 5, 1);
    }
    var old = log.view();
    log.truncateTo(50, "test");
    for (int i = 0; i < 60; i++) {
      append(log, 3, 2);
    }

    for (long offset = 0; offset < old.end(); offset++) {
      var slice = old.read(offset, 500, old.end());
      for (BatchBytes each : slice.batches().batches()) {
        long base = each.header().baseOffset();
        assertThat(log.view().read(base, 1, log.end()).batches().asByteBuffer())
            .isEqualTo(each.asByteBuffer());
      }
    }
    assertThat(old.read(0, 1, 50).isEmpty()).isFalse();
  }

  @Test
  void tellsThatTheNextBatchHadNoRoom() {
    int size = batch(5).size();
    append(log, 5, 1);
    append(log, 5, 1);

    assertThat(log.view().read(0, 2 * size, 10).isFull()).isFalse();
    assertThat(log.view().read(0, 2 * size - 1, 10).isFull()).isTrue();
    assertThat(log.view().read(0, size, 10).isFull()).isFalse(); // nobody looked further
    assertThat(log.view().read(0, size + 1, 5).isFull()).isFalse(); // the next may not be read
    assertThat(log.view().read(0, size + 1, 10).isFull()).isTrue();
  }

  @Test
  void holdsNoMemoryForWhatItDoesNotReturn() {
    for (int i = 0; i < 60; i++) {
      append(log, 5, 1);
    }
    var old = log.view();
    var memory = new LentMemory();
    log.truncateTo(50, "test");
    for (int i = 0; i < 60; i++) {
      append(log, 3, 2);
    }

    for (long offset = 0; offset < old.end(); offset++) {
      old.read(offset, 500, old.end(), memory).batches().release();
      assertThat(memory.lent()).isZero();
    }
  }

  @Test
  void aViewOfALogThatIsGoneReadsNothing() {
    for (int i = 0; i < 60; i++) {
      append(log, 5, 1);
    }
    var old = log.view();

    log.startOver(1_000, "test");
    assertThat(old.read(100, 500, 200).isEmpty()).isTrue();
    assertThat(old.firstAtOrAfter(NOW_MILLIS, 200)).isEqualTo(new TimeAnswer.LookAgain());
    store.setAside(partition(0), SetAsideReason.TOPIC_DELETED, Keep.FOR_A_TIME, "test");
    assertThat(old.read(100, 500, 200).isEmpty()).isTrue();
  }

  @Test
  void everythingCutIsInLostAndFoundWithTheReason() {
    append(log, 4, 1);
    var gone = new ArrayList<BatchBytes>();
    for (int i = 0; i < 30; i++) {
      var batch = batch(4);
      gone.add(batch);
      log.appendAsLeader(batch, TWO, NOW_MILLIS);
    }

    var cut = log.truncateTo(4, "leader epoch 3 begins at 4");

    assertThat(cut.oldEnd()).isEqualTo(124);
    assertThat(cut.bytes()).isEqualTo(gone.stream().mapToLong(BatchBytes::size).sum());
    String place = cut.setAside().orElseThrow();
    var kept = ByteBuffer.allocate((int) cut.bytes());
    disk.files(place).stream()
        .filter(name -> name.endsWith(".log"))
        .forEach(name -> kept.put(disk.bytes(name)));
    assertThat(kept.flip()).isEqualTo(together(gone.toArray(BatchBytes[]::new)).asByteBuffer());
    assertThat(new String(disk.bytes(place + "/manifest"), StandardCharsets.UTF_8))
        .contains("why leader epoch 3 begins at 4")
        .contains("partition " + partition(0))
        .contains("from-offset 4\nto-offset 124\nepochs 1@0 2@4\n");
  }

  @Test
  void cutsOnlyAtTheEdgeOfABatch() {
    append(log, 4, 1);

    assertThatThrownBy(() -> log.truncateTo(2, "test")).hasMessageContaining("batch at offset 2");
    assertThatThrownBy(() -> log.truncateTo(5, "test")).hasMessageContaining("[0, 4]");
    assertThat(log.end()).isEqualTo(4);
  }

  @Test
  void makesIndexesThatAreGoneOrGarbageAnew() {
    var big = store.create(partition(1), new LogConfig(100_000, TimestampType.CREATE_TIME));
    for (int i = 0; i < 300; i++) {
      big.appendAsLeader(batch(2, 400, NOW_MILLIS + i * 10L), ONE, NOW_MILLIS);
    }
    assertThat(store.closeCleanly(new NodeEpoch(1))).isTrue();
    var indexes =
        disk.files(partition(1).toString()).stream()
            .filter(name -> name.endsWith("index"))
            .toList();
    var before = indexes.stream().map(disk::bytes).toList();
    assertThat(indexes).hasSize(6);
    disk.lose(indexes.get(0));
    disk.replace(indexes.get(1), new byte[] {1, 2, 3});
    disk.replace(indexes.get(4), new byte[500]);
    disk.replace(indexes.get(5), new byte[0]);

    var again = LogFixture.open(disk);
    var mended = again.log(partition(1)).orElseThrow();

    assertThat(again.reports().getFirst().warnings()).hasSize(1);
    assertThat(mended.view().read(301, 1, 600).batches().header().baseOffset()).isEqualTo(300);
    assertThat(
            mended.view().firstAtOrAfter(NOW_MILLIS + 2_000, 600).record().orElseThrow().offset())
        .isEqualTo(400);
    assertThat(again.closeCleanly(new NodeEpoch(2))).isTrue();
    for (int i = 0; i < before.size(); i++) {
      assertThat(disk.bytes(indexes.get(i))).as(indexes.get(i)).isEqualTo(before.get(i));
    }
  }

  @Test
  void aKilledProcessLeavesLittleOfALogThatItsIndexesDoNotTellOf() {
    log.configure(LogConfig.DEFAULTS);
    for (int i = 0; i < 60; i++) {
      log.appendAsLeader(batch(1, 20 << 10, NOW_MILLIS), ONE, NOW_MILLIS);
    }
    force(store, log);
    disk.close(); // the lock of a process that was killed is all that its end gives back
    long readBefore = disk.bytesRead();

    var again = LogFixture.open(disk);

    assertThat(again.log(partition(0)).orElseThrow().end()).isEqualTo(60);
    assertThat(disk.bytesRead() - readBefore).as("of 1.2 MB").isLessThan(200_000);
  }

  @Test
  void aBadIndexOfARunningLogLeadsNobodyAstray() {
    log.configure(LogConfig.DEFAULTS);
    for (int i = 0; i < 700; i++) {
      log.appendAsLeader(batch(2, 400, NOW_MILLIS + i), ONE, NOW_MILLIS);
    }
    String index = partition(0) + "/00000000000000000000.index";
    byte[] bytes = disk.bytes(index);
    assertThat(bytes).isNotEmpty();
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] ^= 0x11;
    }
    disk.open(index).orElseThrow().write(ByteBuffer.wrap(bytes), 0);

    for (long offset = 0; offset < log.end(); offset += 37) {
      var slice = log.view().read(offset, 1, log.end());
      assertThat(slice.batches().header().baseOffset()).isEqualTo(offset / 2 * 2);
    }
  }

  @Test
  void theHighWatermarkNeverLeavesTheLog() {
    append(log, 4, 1);
    append(log, 4, 1);
    log.noteHighWatermark(8);

    log.truncateTo(4, "test");
    assertThat(log.highWatermark()).isEqualTo(4);
    log.startOver(100, "test");
    assertThat(log.highWatermark()).isEqualTo(100);
    append(log, 4, 2);
    log.raiseStart(102, DropReason.REQUEST);
    assertThat(log.highWatermark()).isEqualTo(102);
  }

  /** It told of other records than those that come there later. */
  @Test
  void aHighWatermarkAboveTheEndDoesNotRiseWithTheEnd() {
    append(log, 4, 1);

    log.noteHighWatermark(8);
    append(log, 4, 2);

    assertThat(log.highWatermark()).isEqualTo(4);
  }
}
