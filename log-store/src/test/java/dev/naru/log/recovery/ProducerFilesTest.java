package dev.naru.log.recovery;

import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.LogFixture;
import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.disk.PowerLoss;
import dev.naru.log.producer.ProducerState;
import dev.naru.log.producer.Run;
import dev.naru.log.recovery.FoundProducers.Source;
import dev.naru.log.recovery.ProducerSnapshot.Last;
import dev.naru.testing.Eventually;
import dev.naru.testing.Seeds;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ProducerFilesTest {

  private static final ProducerState ONE =
      new ProducerState(
          117_440_513,
          (short) 3,
          0,
          List.of(
              new Run(Integer.MAX_VALUE - 1, 4, 100, OptionalInt.of(0x0a1b2c3d)),
              new Run(2, 1L << 31, 200, OptionalInt.empty())));

  private static final Eventually A_MOMENT =
      Eventually.allowing("a thread to get there", Duration.ofSeconds(1));

  private final CrashableDisk disk = LogFixture.formatted();
  private final ProducerFiles files = new ProducerFiles(disk, partition(0));

  ProducerFilesTest() {
    disk.makeDirectory(partition(0).toString());
    disk.forceDirectory("");
  }

  @Test
  void readsWhatItWrote() {
    var snapshot = snapshot(300, ONE);

    files.write(snapshot, () -> true, 1_000);

    assertThat(files.read(300)).contains(snapshot);
    assertThat(text(300))
        .isEqualTo(
            """
            naru producers 1
            partition %s
            offset 300
            last-epoch 3
            last-crc ffffffff
            117440513 3 2147483646 4@100#0a1b2c3d 2147483648@200#-
            """
                .formatted(partition(0)));
  }

  @Test
  void readsOneOfALogThatHadNoBatch() {
    var snapshot = new ProducerSnapshot(300, Optional.empty(), List.of(ONE));

    files.write(snapshot, () -> true, 1_000);

    assertThat(files.read(300)).contains(snapshot);
  }

  @Test
  void readsWhateverThereMayBe() {
    Seeds.forEach(
        200,
        (seed, random) -> {
          var states = new ArrayList<ProducerState>();
          for (int i = random.nextInt(20); i > 0; i--) {
            states.add(state(random, i));
          }
          var snapshot = new ProducerSnapshot(300, Optional.of(new Last(1, -1)), states);

          files.write(snapshot, () -> true, 1_000);

          assertThat(files.read(300)).contains(snapshot);
        });
  }

  private static ProducerState state(RandomGenerator random, long id) {
    var runs = new ArrayList<Run>();
    int sequence = random.nextInt(Integer.MAX_VALUE);
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      var crc = random.nextBoolean() ? OptionalInt.of(random.nextInt()) : OptionalInt.empty();
      var run = new Run(sequence, random.nextInt(1, 1000), random.nextLong(1L << 40), crc);
      runs.add(run);
      sequence = run.endSequence();
    }
    return new ProducerState(id, (short) random.nextInt(1 << 15), 0, runs);
  }

  @Test
  void writesNothingThatIsNotWantedAnyMore() {
    files.write(snapshot(300, ONE), () -> false, 1_000);

    assertThat(disk.files(partition(0).toString())).isEmpty();
  }

  @Test
  void keepsTheNewestTwo() {
    for (long offset : List.of(300L, 400L, 500L)) {
      files.write(snapshot(offset, ONE), () -> true, 1_000);
    }

    assertThat(files.offsets()).containsExactly(400L, 500L);
    assertThat(disk.files(partition(0).toString())).hasSize(2);
  }

  /** Those above may be cut, and one of them is enough for a start. */
  @Test
  void keepsTheNewestThatIsCommitted() {
    for (long offset : List.of(300L, 400L, 500L, 600L)) {
      files.write(snapshot(offset, ONE), () -> true, 420);
    }

    assertThat(files.offsets()).containsExactly(400L, 600L);
  }

  @Test
  void outlivesBatchesBelowWhatItWroteOrHadNoRoomFor() {
    files.goOn(new Source.Forced(100), List.of(100L, 200L));
    assertThat(files.outlive(100, 1_000)).isTrue();
    assertThat(files.outlive(101, 1_000)).as("nobody has read that one").isFalse();

    files.write(snapshot(300, ONE), () -> true, 1_000);
    assertThat(files.outlive(300, 300)).isTrue();
    assertThat(files.outlive(200, 299)).as("it may be part of a cut").isFalse();

    files.leftOut(400);
    assertThat(files.outlive(400, 299)).isTrue();
    files.deleteAbove(250);
    assertThat(files.outlive(251, 1_000)).isFalse();
  }

  @Test
  void keepsOneBesideThemThatIsNotForced() {
    files.write(snapshot(300, ONE), () -> true, 1_000);
    files.writeUnforced(snapshot(350, ONE), () -> true);
    files.writeUnforced(snapshot(360, ONE), () -> true);
    assertThat(files.offsets()).containsExactly(300L);
    assertThat(unforced()).containsExactly("00000000000000000360.producers.unforced");
    assertThat(files.newestUnforced(1_000, found -> true)).contains(snapshot(360, ONE));

    files.write(snapshot(400, ONE), () -> true, 1_000);

    assertThat(unforced()).as("it has been overtaken").isEmpty();
    assertThat(disk.files(partition(0).toString())).hasSize(2);
  }

  @Test
  void reliesOnNoneThatIsNotForced() {
    files.writeUnforced(snapshot(300, ONE), () -> true);

    assertThat(files.newest()).isEmpty();
    assertThat(files.has(300)).isFalse();
    assertThat(files.outlive(300, 1_000)).isFalse();
  }

  @Test
  void writesNoneUnforcedThatIsOldOrNotWanted() {
    files.write(snapshot(300, ONE), () -> true, 1_000);

    files.writeUnforced(snapshot(299, ONE), () -> true);
    files.writeUnforced(snapshot(300, ONE), () -> true);
    files.writeUnforced(snapshot(301, ONE), () -> false);

    assertThat(unforced()).isEmpty();
  }

  @Test
  void deletesDurablyTheUnforcedOneToo() {
    files.writeUnforced(snapshot(300, ONE), () -> true);
    disk.forceAll();

    files.deleteAbove(299);

    var image = disk.afterPowerLoss(PowerLoss.ALL, RandomGenerator.getDefault());
    assertThat(image.files(partition(0).toString())).isEmpty();
    assertThat(files.newestUnforced(1_000, found -> true)).isEmpty();
  }

  @Test
  void deletesDurablyWhatTellsOfTooMuch() {
    files.write(snapshot(300, ONE), () -> true, 1_000);
    files.write(snapshot(400, ONE), () -> true, 1_000);

    files.deleteAbove(399);

    var image = disk.afterPowerLoss(PowerLoss.ALL, RandomGenerator.getDefault());
    assertThat(image.files(partition(0).toString())).hasSize(1);
    assertThat(files.read(400)).isEmpty();
    assertThat(files.read(300)).isPresent();
  }

  /** Else the snapshot would get its name when it is thought to be gone. */
  @Test
  void aDeletionWaitsForWhatIsBeingWritten() throws InterruptedException {
    var deletion = Thread.ofPlatform().unstarted(() -> files.deleteAbove(299));

    files.write(
        snapshot(300, ONE),
        () -> {
          deletion.start();
          A_MOMENT.until("it waits", () -> deletion.getState() == Thread.State.BLOCKED);
          return true;
        },
        1_000);
    deletion.join();

    assertThat(files.offsets()).isEmpty();
    assertThat(disk.files(partition(0).toString())).isEmpty();
  }

  @Test
  void readsNoneOfAnotherLog() {
    disk.makeDirectory(partition(1).toString());
    new ProducerFiles(disk, partition(1)).write(snapshot(300, ONE), () -> true, 1_000);
    String name = "/00000000000000000300.producers";

    disk.replace(partition(0) + name, disk.bytes(partition(1) + name));

    assertThat(files.read(300)).isEmpty();
  }

  @Test
  void readsNoneOfAnotherOffset() {
    files.write(snapshot(300, ONE), () -> true, 1_000);
    byte[] bytes = disk.bytes(partition(0) + "/00000000000000000300.producers");

    disk.replace(partition(0) + "/00000000000000000400.producers", bytes);

    assertThat(files.read(400)).isEmpty();
  }

  @Test
  void believesNoLinesThatItWouldNotWrite() {
    for (String wrong :
        List.of("", "1 0", "1 0 0", "1 0 -5 1@0#-", "1 0 0 1@0", "x 0 0 1@0#-", "1 0 0 0@0#-")) {
      assertThat(ProducerText.parse(List.of("offset 3", wrong))).as(wrong).isEmpty();
    }
    assertThat(ProducerText.parse(List.of("offset 3", "1 0 0 1@0#-", "1 0 0 1@0#-"))).isEmpty();
    assertThat(ProducerText.parse(List.of("offset 3", "last-epoch 1"))).isEmpty();
    assertThat(ProducerText.parse(List.of())).isEmpty();
    assertThat(ProducerText.parse(List.of("offset 3", "1 0 0 1@0#-"))).isPresent();
  }

  @Test
  void knowsItsFilesByTheirNames() {
    assertThat(ProducerFiles.offsetOf("00000000000000000300.producers")).hasValue(300);
    assertThat(ProducerFiles.offsetOf("0000000000000000030x.producers")).isEmpty();
    assertThat(ProducerFiles.offsetOf("99999999999999999999.producers")).isEmpty();
    assertThat(ProducerFiles.offsetOf("00000000000000000300.producer")).isEmpty();
    assertThat(ProducerFiles.offsetOf("300.producers")).isEmpty();
    assertThat(ProducerFiles.offsetOf("00000000000000000300.producers.unforced")).isEmpty();
    assertThat(UnforcedSnapshots.offsetOf("00000000000000000300.producers.unforced")).hasValue(300);
    assertThat(UnforcedSnapshots.offsetOf("00000000000000000300.producers")).isEmpty();
  }

  private static ProducerSnapshot snapshot(long offset, ProducerState state) {
    return new ProducerSnapshot(offset, Optional.of(new Last(3, -1)), List.of(state));
  }

  private List<String> unforced() {
    return disk.files(partition(0).toString()).stream()
        .filter(UnforcedSnapshots::isOne)
        .map(name -> name.substring(name.lastIndexOf('/') + 1))
        .toList();
  }

  /** Without its checksum. */
  private String text(long offset) {
    String name = partition(0) + "/" + "%020d".formatted(offset) + ".producers";
    String text = new String(disk.bytes(name), StandardCharsets.UTF_8);
    return text.substring(0, text.indexOf("crc32c"));
  }
}
