package dev.naru.log;

import static dev.naru.log.LogFixture.append;
import static dev.naru.log.LogFixture.force;
import static dev.naru.log.LogFixture.groupCommit;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.disk.Damage;
import dev.naru.log.disk.TracedDisk;
import dev.naru.log.retention.DropReason;
import dev.naru.log.retention.Keep;
import dev.naru.log.salvage.SetAsideReason;
import dev.naru.log.store.LogStore;
import dev.naru.record.TimestampType;
import dev.naru.testing.Golden;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Which operations reach the disk, in which order: every crash between two of them is a promise to
 * keep.
 *
 * <p>An operation that is new to the log gets a scene at the end, with a disk of its own, so that
 * its lines change nobody else's: what leads to it is done first, then {@link Scene#begin} says
 * what is about to happen, and from there on every line is told. {@code -Dgolden.rewrite} writes
 * the file anew; a line that moved past a force is what the review of it is for, and the table in
 * docs/formats/log-directory.md must still be true.
 */
class ForceOrderTest {

  private static final LogConfig THREE_BATCHES = new LogConfig(400, TimestampType.CREATE_TIME);
  private static final LogConfig TWO_LARGE = new LogConfig(9_800, TimestampType.CREATE_TIME);
  private static final String FIRST = partition(0) + "/00000000000000000000";

  private final List<TracedDisk> scenes = new ArrayList<>();

  @Test
  void theOrderOfWritesAndForcesIsTheOneReviewed() {
    theLifeOfALog();
    aGroupCommitOfTheWholeDisk();
    theStartOfTheLogIsRaised();
    aSegmentWhoseIndexesHaveEntriesIsClosed();
    aStartThatFindsSegmentsThatWereNotForced();
    aStartThatFindsIndexesAndSealsThatDoNotFit();
    aStartThatFindsDamage();
    damageThatIsFoundWhileItRuns();
    aJournalThatIsNotSound();
    segmentsBelowTheStartAreDeleted();
    producersThatGiveNumbers();
    aStopWithManyLogs();
    segmentsThatProducersHaveWrittenToAreDeleted();

    String text = scenes.stream().map(TracedDisk::text).collect(Collectors.joining("\n"));
    String names =
        text.replace(partition(0).toString(), "P0").replace(partition(1).toString(), "P1");
    Golden.of(ForceOrderTest.class).assertText("force-order.txt", names);
  }

  private void theLifeOfALog() {
    var platter = CrashableDisk.empty();
    var disk = new TracedDisk(platter);
    scenes.add(disk);

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
    groupCommit(store, log);
    disk.note("append and roll");
    append(log, 2, 1);
    append(log, 2, 1);
    append(log, 2, 1);
    disk.note("group commit");
    groupCommit(store, log);
    disk.note("once a second");
    store.rounds(store.directories().getFirst()).forceRecord();
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
    disk.note("compact");
    log.configure(CompactionFixture.compacted(THREE_BATCHES, 0));
    append(log, 2, 3);
    append(log, 2, 3);
    append(log, 2, 3);
    force(store, log);
    log.noteHighWatermark(log.end());
    CompactionFixture.compact(log, LogFixture.NOW_MILLIS, CompactionFixture.ROOMY);
    disk.note("start over");
    log.startOver(100, "its leader starts there");
    append(log, 2, 4);
    force(store, log);
    disk.note("set a log aside");
    store.setAside(
        partition(0), SetAsideReason.TOPIC_DELETED, Keep.FOR_A_TIME, "its topic was deleted");
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
  }

  private void aGroupCommitOfTheWholeDisk() {
    var scene = new Scene();
    scene.platter.preferForceAllAbove(1);
    append(scene.log, 2, 1);
    scene.begin("group commit of many files");
    force(scene.store, scene.log);
  }

  private void theStartOfTheLogIsRaised() {
    var scene = new Scene();
    scene.appendAndForce(3);
    scene.begin("raise the start, and group commit");
    scene.log.raiseStart(3, DropReason.REQUEST);
    force(scene.store, scene.log);
  }

  private void aSegmentWhoseIndexesHaveEntriesIsClosed() {
    var scene = new Scene();
    scene.log.configure(TWO_LARGE);
    scene.begin("append, roll a segment that has index entries, and group commit");
    scene.appendLarge();
    append(scene.log, 2, 1);
    force(scene.store, scene.log);
  }

  private void aStartThatFindsSegmentsThatWereNotForced() {
    var scene = new Scene();
    scene.appendAndForce(2);
    scene.append(5);
    scene.begin("start after the end of a process that had rolled and not forced");
    scene.restart();
  }

  private void aStartThatFindsIndexesAndSealsThatDoNotFit() {
    var scene = new Scene();
    scene.log.configure(TWO_LARGE);
    scene.appendLarge();
    scene.appendAndForce(1);
    scene.store.close();
    scene.platter.lose(FIRST + ".index");
    scene.begin("start that makes an index anew");
    scene.restart();
    scene.store.close();
    scene.platter.lose(FIRST + ".seal");
    scene.begin("start that makes a seal anew");
    scene.restart();
    scene.store.close();
    scene.platter.lose(partition(0) + "/leader-epochs");
    scene.begin("start that makes the epoch history anew");
    scene.restart();
  }

  private void aStartThatFindsDamage() {
    var scene = new Scene();
    scene.appendAndForce(5);
    scene.store.close();
    scene.platter.replace(FIRST + ".log", new byte[5]);
    scene.begin("start that quarantines a damaged segment");
    scene.restart();
    assertThat(scene.store.damaged()).hasSize(1);
    scene.begin("the damaged log is set aside, to be fetched anew");
    scene.store.setAside(
        partition(0), SetAsideReason.TOPIC_DELETED, Keep.FOR_A_TIME, "it is fetched anew");
    scene.store.create(partition(0), THREE_BATCHES);
  }

  private void damageThatIsFoundWhileItRuns() {
    var scene = new Scene();
    scene.appendAndForce(5);
    scene.begin("a running log is given up for damage");
    scene.store.giveUp(new Damage(partition(0), 0, 105, "Expected this, but was that"));
    scene.store.close();
    scene.begin("and the start after that");
    scene.restart();
  }

  private void aJournalThatIsNotSound() {
    var scene = new Scene();
    scene.appendAndForce(2);
    scene.store.close();
    scene.platter.replace("durable-points", new byte[200]);
    scene.begin("start without a sound journal");
    scene.restart();
  }

  private void segmentsBelowTheStartAreDeleted() {
    var scene = new Scene();
    scene.appendAndForce(5);
    scene.begin("raise the start above a segment, group commit, and delete what lies below");
    scene.log.raiseStart(6, DropReason.AGE);
    force(scene.store, scene.log);
    scene.store.sweep();
  }

  private void producersThatGiveNumbers() {
    var scene = new Scene();
    scene.begin("batches with a producer's numbers, until a segment is full, and group commit");
    for (int i = 0; i < 4; i++) {
      scene.appendNumbered(2 * i);
    }
    groupCommit(scene.store, scene.log);
    scene.begin("it is committed, and what is known of the producer is written by another thread");
    scene.log.noteHighWatermark(8);
    scene.store.sweep();
    scene.begin("truncate below a snapshot");
    scene.log.truncateTo(2, "its leader said so");
    scene.begin("stop cleanly");
    scene.store.directories().getFirst().noteNodeEpoch(new NodeEpoch(7));
    scene.store.closeCleanly(new NodeEpoch(7));
    scene.begin("start after a clean stop");
    scene.restart();
    scene.begin("start over, and take over what the leader knows");
    var known = scene.log.producers().states();
    scene.log.startOver(100, "its leader starts there");
    scene.log.adopt(known);
  }

  private void aStopWithManyLogs() {
    var scene = new Scene();
    scene.appendNumbered(0);
    var another = scene.store.create(partition(1), THREE_BATCHES);
    another.appendAsLeader(LogFixture.numbered(2, 1, 0), new LeaderEpoch(1), LogFixture.NOW_MILLIS);
    force(scene.store, scene.log);
    force(scene.store, another);
    scene.platter.preferForceAllAbove(1);
    scene.store.directories().getFirst().noteNodeEpoch(new NodeEpoch(7));
    scene.begin("stop cleanly, with many logs that have producers");
    scene.store.closeCleanly(new NodeEpoch(7));
  }

  private void segmentsThatProducersHaveWrittenToAreDeleted() {
    var scene = new Scene();
    scene.appendNumbered(0);
    scene.appendAndForce(3);
    scene.begin("raise the start above a segment that a producer has written to, group commit");
    scene.log.raiseStart(6, DropReason.AGE);
    force(scene.store, scene.log);
    scene.begin("delete it: not before all that is known of the producer is committed");
    scene.store.sweep();
    scene.begin("now it is");
    scene.log.noteHighWatermark(8);
    scene.store.sweep();
  }

  /** A disk with a store and a log, of which only what happens from some moment on is told. */
  private final class Scene {

    private final CrashableDisk platter = LogFixture.formatted();
    private final TracedDisk disk = new TracedDisk(platter);
    private LogStore store = LogFixture.open(disk);
    private PartitionLog log = store.create(partition(0), THREE_BATCHES);
    private boolean isTold;

    /** From now on it is told. */
    void begin(String headline) {
      if (!isTold) {
        disk.forget();
        scenes.add(disk);
        isTold = true;
      }
      disk.note(headline);
    }

    void append(int batches) {
      for (int i = 0; i < batches; i++) {
        LogFixture.append(log, 2, 1);
      }
    }

    void appendAndForce(int batches) {
      append(batches);
      force(store, log);
    }

    void appendNumbered(int sequence) {
      var batch = LogFixture.numbered(2, 1, sequence);
      log.appendAsLeader(batch, new LeaderEpoch(1), LogFixture.NOW_MILLIS);
    }

    /** Batches after which there are index entries. */
    void appendLarge() {
      for (int i = 0; i < 2; i++) {
        var large = LogFixture.batch(2, 2_400, LogFixture.NOW_MILLIS + i);
        log.appendAsLeader(large, new LeaderEpoch(1), LogFixture.NOW_MILLIS);
      }
    }

    /** Another process opens the disk. */
    void restart() {
      store.close();
      store = LogFixture.open(disk);
      store
          .log(partition(0))
          .ifPresent(found -> {
            log = found;
            log.configure(THREE_BATCHES);
          });
    }
  }
}
