package dev.naru.log;

import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.store.DataDirectory;
import dev.naru.log.store.DataDirectory.Opening;
import dev.naru.log.store.LogStore;
import dev.naru.log.store.RecoveryListener;
import dev.naru.record.BatchBytes;
import dev.naru.testing.Seeds;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Damages one file of a directory in which everything was durable. It must be noticed or do no
 * harm: never is another byte served, a log taken to end earlier, or anything deleted (I16).
 */
class DamageTest {

  @Test
  void damageIsNoticedOrHarmless() {
    var noticed = new int[1];
    Seeds.forEach(1_500, (seed, random) -> noticed[0] += new Run(random).play() ? 1 : 0);
    System.out.println("noticed: " + noticed[0]);
  }

  /** Two logs, one damage. */
  private static final class Run {

    private final RandomGenerator random;
    private final CrashableDisk disk = LogFixture.formatted();
    private final List<LogModel> models = List.of(new LogModel(), new LogModel());
    private final TreeMap<String, byte[]> earlier = new TreeMap<>();

    Run(RandomGenerator random) {
      this.random = random;
    }

    boolean play() {
      write();
      String victim = damage();
      var kept = contents();

      Optional<LogStore> store = open();

      boolean isNoticed = store.isEmpty();
      if (store.isPresent()) {
        for (int i = 0; i < models.size(); i++) {
          isNoticed |= isDamaged(store.get(), i, victim);
        }
      }
      assertThat(contents()).containsAll(kept);
      return isNoticed;
    }

    private void write() {
      var store = LogFixture.open(disk);
      var logs =
          List.of(
              store.create(partition(0), LogFixture.SMALL),
              store.create(partition(1), LogFixture.SMALL));
      int epoch = 1;
      int steps = random.nextInt(10, 60);
      int snapshotAt = random.nextInt(steps);
      for (int i = 0; i < steps; i++) {
        epoch += random.nextInt(6) == 0 ? 1 : 0;
        int which = random.nextInt(2);
        var batch =
            LogFixture.batch(
                random.nextInt(1, 5), random.nextInt(300), NOW_MILLIS + random.nextInt(100));
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
      }
      logs.forEach(log -> LogFixture.force(store, log));
      if (random.nextBoolean()) {
        store.closeCleanly(new NodeEpoch(1));
      } else {
        store.close();
      }
    }

    private String damage() {
      var files = disk.files("");
      String name = files.get(random.nextInt(files.size()));
      byte[] bytes = disk.bytes(name);
      switch (random.nextInt(6)) {
        case 0 -> flip(name, bytes);
        case 1 -> disk.replace(name, Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
        case 2 -> zero(name, bytes);
        case 3 -> disk.lose(name);
        case 4 -> disk.replace(name, earlier.getOrDefault(name, new byte[0]));
        case 5 -> swap(name, bytes, files);
        default -> throw new AssertionError();
      }
      return name;
    }

    private void flip(String name, byte[] bytes) {
      if (bytes.length > 0) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        disk.replace(name, bytes);
      }
    }

    private void zero(String name, byte[] bytes) {
      int from = random.nextInt(bytes.length + 1);
      Arrays.fill(bytes, from, Math.min(bytes.length, from + 512), (byte) 0);
      disk.replace(name, bytes);
    }

    /**
     * With another file of its kind. One of another partition with equal length is for the scrubber
     * to find.
     */
    private void swap(String name, byte[] bytes, List<String> files) {
      String kind = name.substring(name.length() - 4);
      var others =
          files.stream()
              .filter(other -> other.endsWith(kind) && !other.equals(name))
              .filter(other -> disk.bytes(other).length != bytes.length)
              .toList();
      if (!others.isEmpty()) {
        String other = others.get(random.nextInt(others.size()));
        disk.replace(name, disk.bytes(other));
        disk.replace(other, bytes);
      }
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
                    List.of(directory), LogFixture.SMALL, Runnable::run, RecoveryListener.NONE));
        case Opening.NotOpened(var why) -> Optional.empty();
      };
    }

    private boolean isDamaged(LogStore store, int which, String victim) {
      var id = partition(which);
      if (store.damaged().containsKey(id)) {
        return true;
      }
      var log = store.log(id);
      var model = models.get(which);
      if (log.isEmpty()) {
        assertThat(model.end()).as("a log that is gone was empty").isZero();
        return false;
      }
      assertThat(log.get().end()).as("end after damage to " + victim).isEqualTo(model.end());
      var memory = new LentMemory();
      try {
        readAll(log.get(), model, memory);
        return false;
      } catch (LogDamagedException e) {
        assertThat(e.damage().partition()).isEqualTo(id);
        return true;
      } finally {
        assertThat(memory.lent()).isZero();
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
