package dev.naru.log;

import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.disk.Damage;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.store.DataDirectory;
import dev.naru.log.store.DataDirectory.Opening;
import dev.naru.log.store.LogStore;
import dev.naru.log.store.RecoveryListener;
import dev.naru.log.store.Scrubber;
import dev.naru.record.BatchBytes;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/** Starts from a damaged directory, uses all that is in it, and compares it with what is true. */
final class DamageVerdict {

  /** How many are looked up in each log. */
  private static final int TIMES = 12;

  private static final long ALL_DELETIONS_ARE_OLD = 10_000;

  private final RandomGenerator random;
  private final DamageWorkload logs;
  private final CrashableDisk disk;
  private final List<ByteBuffer> kept;
  private final TreeSet<PartitionId> damaged = new TreeSet<>();
  private boolean isNoticed;

  enum Result {
    NOTICED,
    HARMLESS,
    /** There was no such file to damage, or none to swap it with. */
    ABSENT
  }

  /**
   * Of these logs.
   *
   * @param kept what must still lie somewhere afterwards
   */
  DamageVerdict(RandomGenerator random, DamageWorkload logs, List<ByteBuffer> kept) {
    this.random = random;
    this.logs = logs;
    this.disk = logs.disk();
    this.kept = kept;
  }

  Result find(String victim) {
    Optional<LogStore> opened = open();

    isNoticed = opened.isEmpty();
    if (opened.isPresent()) {
      var store = opened.get();
      isNoticed |= !store.reports().getFirst().warnings().isEmpty();
      for (int i = 0; i < logs.truths().size(); i++) {
        check(store, i);
      }
      scrub(store);
      assertThat(logs.contents()).as("what is kept after damage to " + victim).containsAll(kept);
      repair(store);
      assertThat(logs.contents()).as("what is kept after the repair").containsAll(kept);
      if (logs.isCompacted()) {
        compact(store);
      }
      store.close();
    }
    return isNoticed ? Result.NOTICED : Result.HARMLESS;
  }

  private Optional<LogStore> open() {
    disk.close();
    var opening =
        DataDirectory.open(
            disk, LogFixture.CLUSTER, LogFixture.NODE, () -> NOW_MILLIS, failure -> {});
    return switch (opening) {
      case Opening.Opened(var directory) ->
          Optional.of(
              LogStore.open(
                  List.of(directory), logs.config(), Runnable::run, RecoveryListener.NONE));
      case Opening.NotOpened(var why) -> Optional.empty();
    };
  }

  private void check(LogStore store, int which) {
    var id = partition(which);
    if (store.damaged().containsKey(id)) {
      damaged.add(id);
      isNoticed = true;
      return;
    }
    var truth = logs.truths().get(which);
    var model = truth.model();
    var log = store.log(id);
    if (log.isEmpty()) {
      assertThat(model.end()).as("a log that is gone was empty").isZero();
      return;
    }
    assertThat(log.get().end()).as("end of " + id).isEqualTo(model.end());
    assertThat(log.get().epochs()).as("epochs of " + id).isEqualTo(model.epochs());
    checkCleaning(log.get().cleaning(), truth);
    ProducerTruth.check(log.get(), model.batches(), log.get().start());
    var memory = new LentMemory();
    try {
      lookUpTimes(log.get(), model);
      readAll(log.get(), model, memory);
    } catch (LogDamagedException e) {
      assertThat(e.damage().partition()).isEqualTo(id);
      giveUp(store, e.damage());
    } finally {
      assertThat(memory.lent()).isZero();
    }
  }

  /** Else a follower would keep what was deleted, or a pass forget what deletes something. */
  private void checkCleaning(LogCleaning cleaning, DamageWorkload.Truth truth) {
    // What another log lacks further up, it says again before anything of it is copied.
    long purgedBelow = Math.min(truth.purgedBelow(), truth.model().end());
    assertThat(cleaning.purgedBelow())
        .as("deletions that may be gone")
        .isGreaterThanOrEqualTo(purgedBelow);
    assertThat(cleaning.cleanBelow()).as("clean").isLessThanOrEqualTo(truth.cleanBelow());
    assertThat(cleaning.cleanEnd()).as("clean end").isLessThanOrEqualTo(truth.cleanEnd());
    isNoticed |= cleaning.purgedBelow() > purgedBelow || cleaning.cleanEnd() < truth.cleanEnd();
  }

  private void giveUp(LogStore store, Damage damage) {
    isNoticed = true;
    damaged.add(damage.partition());
    store.giveUp(damage);
  }

  /** Before anything else is read: whoever asks first must not be told anything wrong either. */
  private void lookUpTimes(PartitionLog log, LogModel model) {
    for (int i = 0; i < TIMES; i++) {
      long time = NOW_MILLIS + random.nextInt(-1, 165);
      var expected = model.firstAtOrAfter(time, log.end());
      assertThat(log.view().firstAtOrAfter(time, log.end()).record())
          .as("the first of %s at %d or later", log.id(), time)
          .isEqualTo(expected);
    }
  }

  private static void readAll(PartitionLog log, LogModel model, LentMemory memory) {
    long offset = log.start();
    while (offset < log.end()) {
      var slice = log.view().read(offset, 1_000, log.end(), memory);
      for (BatchBytes each : slice.batches().batches()) {
        assertThat(each.asByteBuffer()).isEqualTo(model.batchWith(each.header().baseOffset()));
      }
      slice.batches().release();
      assertThat(slice.nextOffset()).isGreaterThan(offset);
      offset = slice.nextOffset();
    }
  }

  /** Nothing that was read as sound is damaged to the scrubber, but for what readers never see. */
  private void scrub(LogStore store) {
    var scrubber =
        store.scrubber(
            store.directories().getFirst(),
            new Scrubber.Findings() {
              @Override
              public void damaged(Damage damage) {
                giveUp(store, damage);
              }

              @Override
              public void unsealed(PartitionId partition, long segmentBase) {
                store.log(partition).orElseThrow().sealAgain(segmentBase);
              }

              @Override
              public void mended(String what) {
                isNoticed = true;
              }
            });
    while (scrubber.step(1_000) > 0) {}
  }

  /** What is kept of a damaged log is a prefix, and takes the rest. */
  private void repair(LogStore store) {
    for (int i = 0; i < logs.truths().size(); i++) {
      var id = partition(i);
      if (damaged.contains(id)) {
        var log = store.repair(id, logs.config());
        var truth = logs.truths().get(i);
        var model = truth.model();
        assertThat(log.end()).isLessThanOrEqualTo(model.end());
        if (logs.isCompacted()) {
          log.cleaning().copying(log.end(), truth.purgedBelow(), log.cleaning().cleanBelow());
        }
        while (log.end() < model.end()) {
          var next = BatchBytes.of(model.batchWith(log.end()));
          assertThat(log.appendAsFollower(next, new LeaderEpoch(Integer.MAX_VALUE)))
              .isInstanceOf(AppendResult.Appended.class);
        }
        LogFixture.force(store, log);
        readAll(log, model, new LentMemory());
        assertThat(log.epochs()).isEqualTo(model.epochs());
        ProducerTruth.check(log, model.batches(), log.start());
      }
    }
    assertThat(store.damaged()).isEmpty();
  }

  /** All deletions that may go, go; and nothing that they deleted comes back by that. */
  private void compact(LogStore store) {
    long now = logs.now() + ALL_DELETIONS_ARE_OLD;
    for (int i = 0; i < logs.truths().size(); i++) {
      var records = logs.truths().get(i).records();
      store
          .log(partition(i))
          .ifPresent(log -> {
            records.check(log, now);
            log.noteHighWatermark(log.end());
            LogFixture.force(store, log);
            CompactionFixture.compact(log, now, CompactionFixture.ROOMY);
            records.check(log, now);
          });
    }
  }
}
