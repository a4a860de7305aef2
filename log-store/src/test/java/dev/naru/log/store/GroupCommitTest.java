package dev.naru.log.store;

import static dev.naru.log.LogFixture.append;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.ForceTicket;
import dev.naru.log.LogFixture;
import dev.naru.log.PartitionLog;
import dev.naru.log.disk.NioDisk;
import dev.naru.log.disk.TracedDisk;
import dev.naru.log.retention.DropReason;
import dev.naru.testing.Eventually;
import dev.naru.types.NodeEpoch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupCommitTest {

  @Test
  void oneRoundForcesForAllLogsThatAskedAndRecordsThemAtOnce() {
    var disk = new TracedDisk(LogFixture.formatted());
    var store = LogFixture.open(disk);
    var done = new ArrayList<ForceTicket>();
    for (int i = 0; i < 5; i++) {
      var log = store.create(partition(i), LogFixture.SMALL);
      append(log, 3, 1);
      store.requestForce(log, done::add);
    }
    disk.note("round");

    int forced = store.rounds(store.directories().getFirst()).runRound();

    assertThat(forced).isEqualTo(5);
    assertThat(done).extracting(ForceTicket::end).containsOnly(3L);
    String round = disk.text().substring(disk.text().indexOf("# round"));
    assertThat(round).contains("write durable-points").doesNotContain("FORCE durable-points");
    assertThat(round.lines().filter(line -> line.matches("FORCE .*\\.log"))).hasSize(5);
    assertThat(store.rounds(store.directories().getFirst()).runRound()).isZero();
  }

  @Test
  void manyForcesBecomeOneOfTheWholeDiskBeforeAnythingIsSaidOrRecorded() {
    var platter = LogFixture.formatted();
    platter.preferForceAllAbove(14);
    var disk = new TracedDisk(platter);
    var store = LogFixture.open(disk);
    for (int i = 0; i < 5; i++) {
      var log = store.create(partition(i), LogFixture.SMALL);
      append(log, 3, 1);
      // Each has a file, a directory, and a name in the root: 15 to force.
      store.requestForce(log, ticket -> disk.note("done"));
    }
    disk.note("round");

    store.rounds(store.directories().getFirst()).runRound();

    String round = disk.text().substring(disk.text().indexOf("# round"));
    assertThat(round).startsWith("# round\nFORCE ALL\n").containsOnlyOnce("FORCE ALL");
    assertThat(round).doesNotContainPattern("FORCE .*\\.log").doesNotContain("FORCE DIRECTORY .\n");
    assertThat(round.lines().filter(line -> line.matches("FORCE .*/leader-epochs.tmp"))).hasSize(5);
    assertThat(round.lines().filter(line -> line.equals("# done"))).hasSize(5);
    assertThat(round).contains("write durable-points").doesNotContain("FORCE durable-points");
  }

  @Test
  void howFarLogsAreDurableIsForcedWhenAskedForAndThenOnlyIfThereIsMore() {
    var disk = new TracedDisk(LogFixture.formatted());
    var store = LogFixture.open(disk);
    var log = store.create(partition(0), LogFixture.SMALL);
    append(log, 3, 1);
    store.requestForce(log, log::forced);
    var rounds = store.rounds(store.directories().getFirst());
    rounds.runRound();
    disk.note("record");

    rounds.forceRecord();
    rounds.forceRecord();

    String record = disk.text().substring(disk.text().indexOf("# record"));
    assertThat(record).isEqualTo("# record\nFORCE durable-points\n");
  }

  @Test
  void whoRaisedTheStartIsToldWhenItIsOnRecord() {
    var disk = new TracedDisk(LogFixture.formatted());
    var store = LogFixture.open(disk);
    var log = store.create(partition(0), LogFixture.SMALL);
    append(log, 3, 1);
    LogFixture.force(store, log);
    log.raiseStart(2, DropReason.LEADER);
    store.requestForce(log, ticket -> disk.note("told"));
    disk.note("round");

    store.rounds(store.directories().getFirst()).runRound();

    String round = disk.text().substring(disk.text().indexOf("# round"));
    assertThat(round).endsWith("FORCE durable-points\n\n# told\n");
  }

  @Test
  void manyLogsOfARealDirectoryAreForcedInOneRound(@TempDir Path root) {
    LogFixture.format(NioDisk.at(root));
    var store = LogFixture.open(NioDisk.at(root));
    for (int i = 0; i < 40; i++) {
      var log = store.create(partition(i), LogFixture.SMALL);
      append(log, 3, 1);
      store.requestForce(log, log::forced);
    }

    int forced = store.rounds(store.directories().getFirst()).runRound();

    assertThat(forced).isEqualTo(40);
    assertThat(store.logs().values()).allMatch(PartitionLog::isDurable);
    assertThat(store.directories().getFirst().failure()).isEmpty();
    store.close(); // not cleanly: what comes back is what was recorded
    assertThat(LogFixture.open(NioDisk.at(root)).logs().values())
        .hasSize(40)
        .allMatch(log -> log.end() == 3);
  }

  @Test
  void aFewForcesAreDoneEachForItself() {
    var platter = LogFixture.formatted();
    platter.preferForceAllAbove(3);
    var disk = new TracedDisk(platter);
    var store = LogFixture.open(disk);
    var log = store.create(partition(0), LogFixture.SMALL);
    append(log, 3, 1);
    disk.note("round");

    LogFixture.force(store, log);

    assertThat(disk.text()).doesNotContain("FORCE ALL");
    assertThat(log.isDurable()).isTrue();
  }

  @Test
  void aNewerTicketTakesThePlaceOfOneThatWaits() {
    var store = LogFixture.open(LogFixture.formatted());
    var log = store.create(partition(0), LogFixture.SMALL);
    var done = new ArrayList<Long>();
    append(log, 3, 1);
    store.requestForce(log, ticket -> done.add(ticket.end()));
    append(log, 3, 1);
    store.requestForce(log, ticket -> done.add(ticket.end()));

    assertThat(store.rounds(store.directories().getFirst()).runRound()).isEqualTo(1);
    assertThat(done).containsExactly(6L);
  }

  /** An owner that appends and cuts, readers, and the thread that forces, on a real directory. */
  @Test
  void ownerReadersAndForcesGetAlong(@TempDir Path root) throws InterruptedException {
    LogFixture.format(NioDisk.at(root));
    var store = LogFixture.open(NioDisk.at(root));
    var directory = store.directories().getFirst();
    var clock = new AtomicLong();
    var rounds = new AtomicLong();
    var commit =
        GroupCommit.start(
            store.rounds(directory), Thread::new, clock::incrementAndGet, rounds::addAndGet);
    var log = store.create(partition(0), LogFixture.SMALL);
    Queue<ForceTicket> performed = new ConcurrentLinkedQueue<>();
    Queue<Throwable> faults = new ConcurrentLinkedQueue<>();
    var isOver = new AtomicBoolean();
    var readers =
        List.of(
            reader(log, isOver, faults), reader(log, isOver, faults), reader(log, isOver, faults));

    int epoch = 1;
    for (int i = 0; i < 600; i++) {
      append(log, 1 + i % 5, epoch);
      store.requestForce(log, performed::add);
      hear(log, performed);
      if (i % 40 == 39) {
        long end = log.view().read(log.end() * 3 / 4, 1, log.end()).nextOffset();
        log.truncateTo(end, "test");
        epoch++;
      }
    }
    Eventually.allowing("a few group commits", Duration.ofSeconds(10))
        .until(
            "all is durable",
            () -> {
              hear(log, performed);
              return log.durableEnd() == log.end();
            });
    isOver.set(true);
    for (Thread each : readers) {
      each.join();
    }
    commit.close();

    assertThat(faults).isEmpty();
    assertThat(directory.failure()).isEmpty();
    assertThat(rounds.get()).isPositive();
    assertThat(store.closeCleanly(new NodeEpoch(1))).isTrue();
    assertThat(LogFixture.open(NioDisk.at(root)).log(partition(0)).orElseThrow().end())
        .isEqualTo(log.end());
  }

  private static void hear(PartitionLog log, Queue<ForceTicket> performed) {
    for (var ticket = performed.poll(); ticket != null; ticket = performed.poll()) {
      long durableEnd = log.forced(ticket);
      assertThat(durableEnd).isLessThanOrEqualTo(log.end());
    }
  }

  private static Thread reader(PartitionLog log, AtomicBoolean isOver, Queue<Throwable> faults) {
    return Thread.ofPlatform()
        .start(() -> {
          try {
            while (!isOver.get()) {
              var view = log.view();
              for (long offset = view.start(); offset < view.end(); ) {
                var slice = view.read(offset, 300, view.end());
                if (slice.isEmpty()) {
                  break; // cut meanwhile
                }
                offset = slice.nextOffset();
              }
            }
          } catch (Throwable e) {
            faults.add(e);
          }
        });
  }
}
