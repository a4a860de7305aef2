package dev.naru.log.compaction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.compaction.BatchCompaction.Limits;
import dev.naru.record.BatchBuilder;
import dev.naru.record.BatchBytes;
import dev.naru.record.Compression;
import dev.naru.record.InflationLimit;
import dev.naru.record.Record;
import dev.naru.record.RecordReader;
import dev.naru.types.LeaderEpoch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BatchCompactionTest {

  private static final long NOW = 1_000_000;
  private static final long RETENTION = 5_000;

  @Test
  void aRecordGoesOnlyIfANewerOneOfItsKeyWasNoted() {
    var pass = pass(NOW, Long.MAX_VALUE);
    var first = batch(0, "a", "1", "b", "1");
    var second = batch(2, "a", "2");
    pass.note(first);
    pass.note(second);

    assertThat(keys(pass.compact(first))).containsExactly("b");
    assertThat(pass.compact(second)).isSameAs(second);
    assertThat(pass.nextHorizon()).isEmpty();
  }

  @Test
  void aDeletionStaysForItsTimeFromThePassThatFirstMetItOn() {
    var deletion = batch(0, "a", null);
    var met = pass(NOW, Long.MAX_VALUE);
    met.note(deletion);

    var marked = met.compact(deletion);

    assertThat(keys(marked)).containsExactly("a");
    assertThat(met.nextHorizon()).hasValue(NOW + RETENTION);
    assertThat(keys(again(NOW + RETENTION - 1, Long.MAX_VALUE).compact(marked)))
        .containsExactly("a");
    var over = again(NOW + RETENTION, Long.MAX_VALUE);
    assertThat(keys(over.compact(marked))).isEmpty();
    assertThat(over.purgedBelow()).isEqualTo(1);
    assertThat(over.nextHorizon()).isEmpty();
  }

  /** Or it would go everywhere, as soon as the clock is set right or the batch is copied. */
  @Test
  void aDeletionStaysForItsTimeFromItsOwnTimeOnIfTheClockIsBehindThat() {
    var deletion = batch(0, "a", null);
    var behind = pass(NOW - 3_600_000, Long.MAX_VALUE);
    behind.note(deletion);

    var marked = behind.compact(deletion);

    assertThat(behind.nextHorizon()).hasValue(NOW + RETENTION);
    assertThat(keys(again(NOW + RETENTION - 1, Long.MAX_VALUE).compact(marked)))
        .containsExactly("a");
  }

  @Test
  void aDeletionMetLaterKeepsTheMomentOfItsFirstPass() {
    var met = pass(NOW, Long.MAX_VALUE);
    var deletion = batch(0, "a", null);
    met.note(deletion);
    var marked = met.compact(deletion);

    var later = again(NOW + 1, Long.MAX_VALUE);
    assertThat(later.compact(marked)).isSameAs(marked);

    assertThat(later.nextHorizon()).hasValue(NOW + RETENTION);
  }

  @Test
  void aDeletionThatIsSupersededGoesAtOnceAndIsNotCalledPurged() {
    var pass = pass(NOW, Long.MAX_VALUE);
    var deletion = batch(0, "a", null);
    pass.note(deletion);
    pass.note(batch(1, "a", "1"));

    assertThat(keys(pass.compact(deletion))).isEmpty();
    assertThat(pass.purgedBelow()).isZero();
  }

  @Test
  void aDeletionThatSomebodyHasNotReadStaysAndIsLookedAtAgainLater() {
    var met = pass(NOW, Long.MAX_VALUE);
    var read = batch(0, "a", null);
    var unread = batch(1, "b", null);
    met.note(read);
    met.note(unread);
    var markedRead = met.compact(read);
    var markedUnread = met.compact(unread);

    var over = again(NOW + RETENTION, 1);

    assertThat(keys(over.compact(markedRead))).isEmpty();
    assertThat(over.compact(markedUnread)).isSameAs(markedUnread);
    assertThat(over.purgedBelow()).isEqualTo(1);
    assertThat(over.nextHorizon()).hasValue(NOW + RETENTION + BatchCompaction.HELD_BACK_MILLIS);
  }

  @Test
  void deletionsThatAreNeverForgottenAreNeverLookedFor() {
    var limits = new Limits(NOW, Long.MAX_VALUE, Long.MAX_VALUE);
    var pass = new BatchCompaction(new KeyOffsets(1 << 10, 10, new byte[0]), limits, 0);
    var deletion = batch(0, "a", null);
    pass.note(deletion);

    assertThat(keys(pass.compact(deletion))).containsExactly("a");
    assertThat(pass.nextHorizon()).isEmpty();
  }

  /** Over a log that is dirty from its beginning. */
  private static BatchCompaction pass(long now, long purgeEnd) {
    return pass(now, purgeEnd, 0);
  }

  /** Over one that was compacted by another pass. */
  private static BatchCompaction again(long now, long purgeEnd) {
    return pass(now, purgeEnd, 100);
  }

  private static BatchCompaction pass(long now, long purgeEnd, long dirtyFrom) {
    return new BatchCompaction(
        new KeyOffsets(1 << 10, 10, new byte[0]), new Limits(now, RETENTION, purgeEnd), dirtyFrom);
  }

  private static BatchBytes batch(long base, @Nullable String... keysAndValues) {
    var builder = new BatchBuilder(1 << 10);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      builder.append(NOW, bytes(keysAndValues[i]), bytes(keysAndValues[i + 1]), List.of());
    }
    var batch = builder.build(Compression.NONE);
    batch.stamp(base, new LeaderEpoch(1));
    return batch;
  }

  private static @Nullable ByteBuffer bytes(@Nullable String text) {
    return text == null ? null : ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  private static List<String> keys(BatchBytes batch) {
    var all = new ArrayList<Record>();
    RecordReader.open(batch, InflationLimit.DEFAULT).forEachRemaining(all::add);
    return all.stream().map(each -> UTF_8.decode(each.key().orElseThrow()).toString()).toList();
  }
}
