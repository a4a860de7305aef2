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
import dev.naru.record.TimestampType;
import dev.naru.testing.Seeds;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import dev.naru.types.PartitionId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Damages one file of a directory in which everything was durable, of every kind in every way. It
 * must be noticed or do no harm: never is another byte served, another offset for a time, a log
 * taken to end earlier, a log forgotten, or anything deleted (I16). And what is damaged can be
 * repaired: what is kept is a prefix of what was written, so that the rest can be fetched.
 */
class DamageTest {

  private static final int SEEDS = 6_000;

  /** How many are looked up in each log. */
  private static final int TIMES = 12;

  @Test
  void damageIsNoticedOrHarmless() {
    var results = new TreeMap<String, Count>();
    for (var kind : FileKind.values()) {
      for (var how : kind.damages()) {
        results.put(kind + " " + how, new Count());
      }
    }
    long start = System.nanoTime();
    Seeds.forEach(
        SEEDS,
        (seed, random) -> {
          var kind = pick(FileKind.values(), seed);
          var how = pick(kind.damages(), seed / FileKind.values().length);
          var result = new Run(random, kind, how).play();
          results.computeIfAbsent(kind + " " + how, _ -> new Count()).add(result);
        });
    int injected = results.values().stream().mapToInt(Count::injected).sum();
    System.out.println("damages, noticed + harmless:");
    results.forEach((what, count) -> System.out.println("  " + what + " " + count));
    System.out.printf(
        "%d damages in %d ms, none served%n", injected, (System.nanoTime() - start) / 1_000_000);
    if (System.getProperty("seed") == null && System.getProperty("seeds") == null) {
      assertThat(injected).isGreaterThanOrEqualTo(5_000);
      results.forEach((what, count) -> assertThat(count.injected()).as(what).isPositive());
    }
  }

  private static <T> T pick(T[] from, long number) {
    return from[(int) Math.floorMod(number, (long) from.length)];
  }

  private static final class Count {

    int noticed;
    int harmless;

    void add(Result result) {
      switch (result) {
        case NOTICED -> noticed++;
        case HARMLESS -> harmless++;
        case ABSENT -> {}
      }
    }

    int injected() {
      return noticed + harmless;
    }

    @Override
    public String toString() {
      return noticed + "+" + harmless;
    }
  }

  private enum Result {
    NOTICED,
    HARMLESS,
    /** There was no such file to damage, or none to swap it with. */
    ABSENT
  }

  private enum DamageKind {
    FLIPPED,
    TRUNCATED,
    EXTENDED,
    ZEROED,
    MISSING,
    STALE,
    SWAPPED,
    SWAPPED_WITH_ANOTHER_LOG
  }

  /** All that lies in a directory. */
  private enum FileKind {
    LOG(".log"),
    INDEX(".index"),
    TIME_INDEX(".timeindex"),
    SEAL(".seal"),
    LEADER_EPOCHS("leader-epochs"),
    DURABLE_POINTS("durable-points"),
    HIGH_WATERMARKS("high-watermarks"),
    META("naru.meta"),
    NODE_EPOCH("node-epoch"),
    CLEAN_STOP("clean-stop"),
    SCRUB_PROGRESS("scrub-progress"),
    MANIFEST("manifest"),
    SET_ASIDE("lost+found"),
    UNFINISHED(".tmp");

    private final String mark;

    FileKind(String mark) {
      this.mark = mark;
    }

    boolean isOf(String name) {
      return switch (this) {
        case MANIFEST -> name.endsWith(mark);
        case SET_ASIDE -> name.startsWith(mark) && name.endsWith(".log");
        default -> !name.startsWith("lost+found") && name.endsWith(mark);
      };
    }

    DamageKind[] damages() {
      var possible = EnumSet.allOf(DamageKind.class);
      switch (this) {
        case LOG, INDEX, TIME_INDEX, SEAL -> {}
        case LEADER_EPOCHS -> possible.remove(DamageKind.SWAPPED); // a log has one
        default -> {
          possible.remove(DamageKind.SWAPPED);
          possible.remove(DamageKind.SWAPPED_WITH_ANOTHER_LOG);
        }
      }
      if (this == META) {
        possible.remove(DamageKind.STALE); // it never changes
      }
      return possible.toArray(DamageKind[]::new);
    }
  }

  /** Two logs, one damage. */
  private static final class Run {

    private static final LogConfig CONFIG = new LogConfig(10_000, TimestampType.CREATE_TIME);

    private final RandomGenerator random;
    private final FileKind kind;
    private final DamageKind how;
    private final CrashableDisk disk = LogFixture.formatted();
    private final List<LogModel> models = List.of(new LogModel(), new LogModel());
    private final TreeMap<String, byte[]> earlier = new TreeMap<>();
    private final TreeSet<PartitionId> damaged = new TreeSet<>();
    private boolean isNoticed;

    Run(RandomGenerator random, FileKind kind, DamageKind how) {
      this.random = random;
      this.kind = kind;
      this.how = how;
    }

    Result play() {
      write();
      Optional<String> victim = damage();
      if (victim.isEmpty()) {
        return Result.ABSENT;
      }
      var kept = contents();
      if (how == DamageKind.EXTENDED) {
        kept.remove(ByteBuffer.wrap(disk.bytes(victim.get()))); // it may lose what it has too much
      }

      Optional<LogStore> opened = open();

      isNoticed = opened.isEmpty();
      if (opened.isPresent()) {
        var store = opened.get();
        isNoticed |= !store.reports().getFirst().warnings().isEmpty();
        for (int i = 0; i < models.size(); i++) {
          check(store, i);
        }
        scrub(store);
        assertThat(contents()).as("what is kept after damage to " + victim).containsAll(kept);
        repair(store);
        assertThat(contents()).as("what is kept after the repair").containsAll(kept);
        store.close();
      }
      return isNoticed ? Result.NOTICED : Result.HARMLESS;
    }

    private void write() {
      var store = LogFixture.open(disk);
      var logs = List.of(store.create(partition(0), CONFIG), store.create(partition(1), CONFIG));
      int epoch = 1;
      int steps = random.nextInt(20, 60);
      int snapshotAt = random.nextInt(steps);
      int cutAt = random.nextInt(steps);
      for (int i = 0; i < steps; i++) {
        epoch += random.nextInt(6) == 0 ? 1 : 0;
        int which = random.nextInt(2);
        var batch =
            LogFixture.batch(
                random.nextInt(1, 5), random.nextInt(600), NOW_MILLIS + i + random.nextInt(100));
        logs.get(which).appendAsLeader(batch, new LeaderEpoch(epoch), NOW_MILLIS);
        logs.get(which).noteHighWatermark(batch.header().baseOffset());
        models.get(which).append(batch);
        if (i == snapshotAt || random.nextInt(5) == 0) {
          logs.forEach(log -> LogFixture.force(store, log));
          store.checkpointHighWatermarks();
        }
        if (i == snapshotAt) {
          disk.files("").forEach(name -> earlier.put(name, disk.bytes(name)));
        }
        if (i == cutAt) {
          cut(logs.get(which), models.get(which));
        }
      }
      logs.forEach(log -> LogFixture.force(store, log));
      store.checkpointHighWatermarks();
      scrub(store);
      store.directories().getFirst().noteNodeEpoch(new NodeEpoch(1));
      if (kind == FileKind.CLEAN_STOP || random.nextBoolean()) {
        store.closeCleanly(new NodeEpoch(1));
      } else {
        store.close();
      }
      if (kind == FileKind.UNFINISHED) {
        leaveUnfinished();
      }
    }

    private void cut(PartitionLog log, LogModel model) {
      var edges = model.edges();
      long to = edges.get(random.nextInt(Math.max(0, edges.size() - 4), edges.size()));
      log.truncateTo(to, "for the test");
      model.truncateTo(to);
    }

    /** What a crash leaves of a checkpoint. */
    private void leaveUnfinished() {
      var checkpoints =
          disk.files("").stream()
              .filter(name ->
                  FileKind.LEADER_EPOCHS.isOf(name)
                      || FileKind.HIGH_WATERMARKS.isOf(name)
                      || FileKind.DURABLE_POINTS.isOf(name)
                      || FileKind.NODE_EPOCH.isOf(name))
              .toList();
      String name = checkpoints.get(random.nextInt(checkpoints.size()));
      disk.replace(name + ".tmp", disk.bytes(name));
    }

    // ---- the damage

    private Optional<String> damage() {
      var files = disk.files("").stream().filter(kind::isOf).toList();
      if (files.isEmpty()) {
        return Optional.empty();
      }
      String name = files.get(random.nextInt(files.size()));
      byte[] bytes = disk.bytes(name);
      boolean isDone =
          switch (how) {
            case FLIPPED -> flip(name, bytes);
            case TRUNCATED ->
                replace(name, Arrays.copyOf(bytes, random.nextInt(Math.max(1, bytes.length))));
            case EXTENDED -> replace(name, extended(bytes));
            case ZEROED -> zero(name, bytes);
            case MISSING -> {
              disk.lose(name);
              yield true;
            }
            case STALE -> replace(name, earlier.getOrDefault(name, new byte[0]));
            case SWAPPED -> swap(name, bytes, files, true);
            case SWAPPED_WITH_ANOTHER_LOG -> swap(name, bytes, files, false);
          };
      return isDone ? Optional.of(name) : Optional.empty();
    }

    private boolean replace(String name, byte[] bytes) {
      boolean isOther = !Arrays.equals(bytes, disk.bytes(name));
      disk.replace(name, bytes);
      return isOther;
    }

    private boolean flip(String name, byte[] bytes) {
      if (bytes.length == 0) {
        return false;
      }
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      return replace(name, bytes);
    }

    private byte[] extended(byte[] bytes) {
      var longer = Arrays.copyOf(bytes, bytes.length + random.nextInt(1, 200));
      if (random.nextBoolean()) {
        var rest = new byte[longer.length - bytes.length];
        random.nextBytes(rest);
        System.arraycopy(rest, 0, longer, bytes.length, rest.length);
      }
      return longer;
    }

    private boolean zero(String name, byte[] bytes) {
      int from = random.nextInt(bytes.length + 1);
      Arrays.fill(bytes, from, Math.min(bytes.length, from + 512), (byte) 0);
      return replace(name, bytes);
    }

    /** With another file of its kind. */
    private boolean swap(String name, byte[] bytes, List<String> files, boolean isInSameLog) {
      String directory = name.substring(0, name.lastIndexOf('/'));
      var others =
          files.stream()
              .filter(other -> other.startsWith(directory) == isInSameLog)
              .filter(other -> !Arrays.equals(disk.bytes(other), bytes))
              .toList();
      if (others.isEmpty()) {
        return false;
      }
      String other = others.get(random.nextInt(others.size()));
      disk.replace(name, disk.bytes(other));
      disk.replace(other, bytes);
      return true;
    }

    // ---- what comes of it

    private Optional<LogStore> open() {
      disk.close();
      var opening =
          DataDirectory.open(
              disk, LogFixture.CLUSTER, LogFixture.NODE, () -> NOW_MILLIS, failure -> {});
      return switch (opening) {
        case Opening.Opened(var directory) ->
            Optional.of(
                LogStore.open(List.of(directory), CONFIG, Runnable::run, RecoveryListener.NONE));
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
      var log = store.log(id);
      var model = models.get(which);
      if (log.isEmpty()) {
        assertThat(model.end()).as("a log that is gone was empty").isZero();
        return;
      }
      assertThat(log.get().end()).as("end of " + id).isEqualTo(model.end());
      assertThat(log.get().epochs()).as("epochs of " + id).isEqualTo(model.epochs());
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

    /**
     * Nothing that was read as sound is damaged to the scrubber, but for what readers never see.
     */
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
      for (int i = 0; i < models.size(); i++) {
        var id = partition(i);
        if (damaged.contains(id)) {
          var log = store.repair(id, CONFIG);
          var model = models.get(i);
          assertThat(log.end()).isLessThanOrEqualTo(model.end());
          while (log.end() < model.end()) {
            var next = BatchBytes.of(model.batchWith(log.end()));
            assertThat(log.appendAsFollower(next, new LeaderEpoch(Integer.MAX_VALUE)))
                .isInstanceOf(AppendResult.Appended.class);
          }
          LogFixture.force(store, log);
          readAll(log, model, new LentMemory());
          assertThat(log.epochs()).isEqualTo(model.epochs());
        }
      }
      assertThat(store.damaged()).isEmpty();
    }

    /** What all files with batches hold, wherever they are. */
    private List<ByteBuffer> contents() {
      var contents = new ArrayList<ByteBuffer>();
      for (String name : disk.files("")) {
        if (name.endsWith(".log")) {
          contents.add(ByteBuffer.wrap(disk.bytes(name)));
        }
      }
      return contents;
    }
  }
}
