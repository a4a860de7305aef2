package dev.naru.log;

import static dev.naru.log.LogFixture.append;
import static dev.naru.log.LogFixture.force;
import static dev.naru.log.LogFixture.partition;

import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.disk.TracedDisk;
import dev.naru.record.TimestampType;
import dev.naru.testing.Golden;
import dev.naru.types.NodeEpoch;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/**
 * Which operations reach the disk, in which order: every crash between two of them is a promise to
 * keep.
 */
class ForceOrderTest {

  private static final LogConfig THREE_BATCHES = new LogConfig(400, TimestampType.CREATE_TIME);

  @Test
  void theOrderOfWritesAndForcesIsTheOneReviewed() {
    var platter = CrashableDisk.empty();
    var disk = new TracedDisk(platter);

    disk.note("format");
    LogFixture.format(disk);
    disk.note("open");
    var store = LogFixture.open(disk);
    disk.note("node epoch");
    store.directories().getFirst().noteNodeEpoch(new NodeEpoch(7));
    disk.note("create a log");
    var log = store.create(partition(0), THREE_BATCHES);
    disk.note("append");
    append(log, 2, 1);
    disk.note("group commit");
    force(store, log);
    disk.note("append and roll");
    append(log, 2, 1);
    append(log, 2, 1);
    append(log, 2, 1);
    disk.note("group commit");
    force(store, log);
    disk.note("append in a new epoch, and group commit");
    append(log, 2, 3);
    force(store, log);
    disk.note("checkpoint of high watermarks");
    log.noteHighWatermark(6);
    store.checkpointHighWatermarks();
    disk.note("truncate inside the active segment");
    log.truncateTo(8, "its leader said so");
    disk.note("truncate into an earlier segment");
    log.truncateTo(4, "its leader said so");
    disk.note("start over");
    log.startOver(100, "its leader starts there");
    append(log, 2, 4);
    force(store, log);
    disk.note("set a log aside");
    store.setAside(partition(0), "its topic was deleted");
    disk.note("stop cleanly");
    var another = store.create(partition(1), THREE_BATCHES);
    append(another, 2, 1);
    store.closeCleanly(new NodeEpoch(7));
    disk.note("start after a clean stop");
    store = LogFixture.open(disk);
    disk.note("start after a crash, with a torn tail");
    append(store.log(partition(1)).orElseThrow(), 2, 1);
    store.close();
    var torn = platter.open(partition(1) + "/00000000000000000000.log").orElseThrow();
    torn.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), torn.size());
    LogFixture.open(disk);

    String names =
        disk.text().replace(partition(0).toString(), "P0").replace(partition(1).toString(), "P1");
    Golden.of(ForceOrderTest.class).assertText("force-order.txt", names);
  }
}
