package dev.naru.log;

import static dev.naru.log.LogFixture.append;
import static dev.naru.log.LogFixture.force;
import static dev.naru.log.LogFixture.partition;

import dev.naru.log.disk.TracedDisk;
import dev.naru.log.retention.DropReason;
import dev.naru.record.TimestampType;
import dev.naru.testing.Golden;
import org.junit.jupiter.api.Test;

/** In which order a log forgets its beginning. */
class RetentionOrderTest {

  private static final LogConfig TWO_BATCHES = new LogConfig(300, TimestampType.CREATE_TIME);

  @Test
  void theStartIsOnRecordBeforeAnythingIsDeleted() {
    var platter = LogFixture.formatted();
    var disk = new TracedDisk(platter);
    var store = LogFixture.open(disk);
    var log = store.create(partition(0), TWO_BATCHES);
    for (int i = 0; i < 6; i++) {
      append(log, 2, 1);
    }
    force(store, log);

    disk.note("raise the start above a segment");
    log.raiseStart(5, DropReason.SIZE);
    disk.note("group commit");
    force(store, log);
    disk.note("delete what lies wholly below");
    store.sweep();
    disk.note("raise the start to the end");
    log.raiseStart(12, DropReason.AGE);
    disk.note("group commit");
    force(store, log);
    disk.note("crash before anything is deleted, and start");
    store.close();
    LogFixture.open(disk);

    String all = disk.text().replace(partition(0).toString(), "P0");
    String text = all.substring(all.indexOf("# raise"));
    Golden.of(RetentionOrderTest.class).assertText("retention-order.txt", text);
  }
}
