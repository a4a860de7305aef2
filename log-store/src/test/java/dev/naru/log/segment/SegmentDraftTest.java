package dev.naru.log.segment;

import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.LogConfig;
import dev.naru.log.LogFixture;
import dev.naru.log.disk.NioDisk;
import dev.naru.log.disk.TracedDisk;
import dev.naru.record.BatchBytes;
import dev.naru.record.TimestampType;
import dev.naru.types.LeaderEpoch;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentDraftTest {

  private static final int SEGMENT_BYTES = 4 << 20;
  private static final int BATCH_BYTES = 100 << 10;
  private static final long WRITTEN_AT_ONCE_MAX = 256 << 10;

  @TempDir Path root;

  /** Else whoever forces beside it would wait for all of it. */
  @Test
  void isOnItsWayToTheDiskAsItGrows() {
    var disk = new TracedDisk(NioDisk.at(root));
    LogFixture.format(disk);
    var store = LogFixture.open(disk);
    var log = store.create(partition(0), new LogConfig(SEGMENT_BYTES, TimestampType.CREATE_TIME));
    while (log.view().closed().isEmpty()) {
      log.appendAsLeader(
          LogFixture.batch(1, BATCH_BYTES, NOW_MILLIS), new LeaderEpoch(1), NOW_MILLIS);
    }
    LogFixture.force(store, log);
    var segment = log.view().closed().getFirst();

    var draft = SegmentDraft.inPlaceOf(List.of(segment));
    for (long offset = 0; offset < segment.end(); ) {
      var slice = log.view().read(offset, 1 << 20, segment.end());
      for (BatchBytes batch : slice.batches().batches()) {
        draft.append(batch);
      }
      offset = slice.nextOffset();
    }

    assertThat(disk.startedBytes())
        .isBetween(segment.bytes() - WRITTEN_AT_ONCE_MAX, (long) segment.bytes());
    draft.discard();
    store.close();
  }
}
