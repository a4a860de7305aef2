package dev.naru.log;

import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.disk.PowerLoss;
import dev.naru.log.retention.DropReason;
import dev.naru.testing.Seeds;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a log knows of its producers by a snapshot that nobody has forced. */
class UnforcedSnapshotsTest extends NumberedLogFixture {

  @Test
  void oneIsKeptBesideThoseThatAreForced() {
    growInSteps();

    assertThat(snapshots()).hasSize(2);
    assertThat(unforced()).containsExactly("00000000000000000100.producers.unforced");
  }

  @Test
  void aStartAfterAKillGoesOnFromTheOneThatIsNotForced() {
    grow(4_000);
    settle();
    assertThat(unforced()).hasSize(1);
    var before = log.producers().states();
    long read = disk.bytesRead();

    kill();

    assertThat(disk.bytesRead() - read).as("of 420 kB").isLessThan(200_000);
    assertThat(log.producers().states()).isEqualTo(before);
    assertThat(store.reports().getFirst().warnings()).isEmpty();
  }

  /** It was never promised, so nobody has to hear of it. */
  @Test
  void aStartAfterAPowerCutPassesOverOneThatIsTornWithoutAWord() {
    growInSteps();
    var before = log.producers().states();
    disk.replace(partition(0) + "/" + unforced().getFirst(), new byte[9]);

    kill();

    assertThat(log.producers().states()).isEqualTo(before);
    assertThat(store.reports().getFirst().warnings()).isEmpty();
    assertThat(unforced()).isEmpty();
  }

  /** An older release leaves it where it is when it lets the log start over. */
  @Test
  void oneThatWasNotForcedIsNotBelievedOfWhatLiesBelowTheLog() {
    growInSteps();
    var name = partition(0) + "/" + unforced().getFirst();
    var old = disk.bytes(name);
    log.startOver(500, "test");
    store.close();
    disk.replace(name, old);

    reopen();

    assertThat(log.producers().size()).isZero();
    assertThat(unforced()).isEmpty();
  }

  /** After a kill, which the page cache outlives, and then a power cut, which it does not. */
  @Test
  void noBatchGoesForOneThatIsNotForced() {
    growInSteps();
    disk.forceAll();
    kill();
    log.configure(TWENTY_BATCHES);
    log.raiseStart(log.end(), DropReason.AGE);
    settle();
    var lost = disk.afterPowerLoss(PowerLoss.ALL, Seeds.random(1));
    lost.files(partition(0).toString()).stream()
        .filter(name -> name.endsWith(".unforced"))
        .toList()
        .forEach(lost::lose);

    var image = LogFixture.open(lost);

    assertThat(image.log(partition(0)).orElseThrow().producers().state(ID)).isPresent();
  }

  /** After a power cut a start reads all that has grown since the last one that was forced. */
  @Test
  void oneIsForcedAlsoIfNoProcessLivesLongEnoughToGrowSoMuch() {
    growInSteps();

    for (int life = 0; life < 12; life++) {
      kill();
      log.configure(TWENTY_BATCHES);
      grow(6); // enough for one that is not forced
      settle();
      assertThat(log.end() - newestForced()).as("two records a batch").isLessThan(2 * (20 + 6));
    }
  }

  private long newestForced() {
    return snapshots().stream()
        .mapToLong(name -> Long.parseLong(name.substring(0, name.indexOf('.'))))
        .max()
        .orElse(0);
  }

  /** Every twentieth batch ends a segment; everybody looks after every fifth. */
  private void growInSteps() {
    log.configure(TWENTY_BATCHES);
    for (int i = 0; i < 10; i++) {
      grow(5);
      settle();
    }
  }

  private List<String> unforced() {
    return files(".producers.unforced");
  }
}
