package dev.naru.log.store;

import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.LogFixture;
import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.disk.Damage;
import dev.naru.log.disk.PowerLoss;
import dev.naru.log.retention.Keep;
import dev.naru.log.salvage.SetAsideReason;
import dev.naru.testing.Seeds;
import java.util.List;
import org.junit.jupiter.api.Test;

class SetAsideExpiryTest {

  private static final long RETENTION_MILLIS = 1_000;

  private final CrashableDisk disk = LogFixture.formatted();
  private final LogStore store = LogFixture.open(disk);

  @Test
  void deletesWhatWasSetAsideLongerAgo() {
    write(0)
        .setAside(
            partition(0), SetAsideReason.TOPIC_DELETED, Keep.FOR_A_TIME, "its topic was deleted");

    assertThat(store.expireSetAside(NOW_MILLIS + RETENTION_MILLIS, RETENTION_MILLIS)).isEmpty();
    assertThat(places()).hasSize(1);
    assertThat(store.expireSetAside(NOW_MILLIS + RETENTION_MILLIS + 1, RETENTION_MILLIS))
        .containsExactly("lost+found/00000001-" + partition(0));
    assertThat(places()).isEmpty();
  }

  @Test
  void keepsALogThatNobodyCouldExplain() {
    write(0)
        .setAside(
            partition(0),
            SetAsideReason.TOPIC_DELETED,
            Keep.FOR_GOOD,
            "the image gives node 1 no replica of it");

    assertThat(expireAll()).isEmpty();
    assertThat(places()).hasSize(1);
  }

  @Test
  void keepsWhatIsMissingInADamagedLog() {
    write(0).giveUp(new Damage(partition(0), 0, 0, "test"));
    assertThat(places()).hasSize(1);

    assertThat(expireAll()).isEmpty();
    store.setAside(
        partition(0), SetAsideReason.TOPIC_DELETED, Keep.FOR_A_TIME, "damaged"); // and fetched anew
    assertThat(expireAll()).hasSize(2);
  }

  @Test
  void makesRoomWithTheOldestOfWhatNobodyMisses() {
    for (int number = 0; number < 4; number++) {
      write(number);
    }
    store.setAside(
        partition(0), SetAsideReason.TOPIC_DELETED, Keep.FOR_A_TIME, "the leader parts from it");
    store.setAside(
        partition(1),
        SetAsideReason.TOPIC_DELETED,
        Keep.WHILE_THERE_IS_ROOM,
        "its topic was deleted");
    store.setAside(partition(2), SetAsideReason.TOPIC_DELETED, Keep.FOR_GOOD, "nobody knows it");
    store.setAside(
        partition(3),
        SetAsideReason.TOPIC_DELETED,
        Keep.WHILE_THERE_IS_ROOM,
        "its topic was deleted");
    var directory = store.directories().getFirst();

    assertThat(store.makeRoom(directory)).contains("lost+found/00000002-" + partition(1));
    assertThat(store.makeRoom(directory)).contains("lost+found/00000004-" + partition(3));
    assertThat(store.makeRoom(directory)).isEmpty();
    assertThat(places()).hasSize(2);
  }

  @Test
  void keepsWhatHasNoSoundManifest() {
    write(0).setAside(partition(0), SetAsideReason.TOPIC_DELETED, Keep.FOR_A_TIME, "test");
    disk.replace("lost+found/" + places().getFirst() + "/manifest", new byte[] {1});
    disk.makeDirectory("lost+found/kept by hand");

    assertThat(expireAll()).isEmpty();
    assertThat(places()).hasSize(2);
  }

  @Test
  void goesOnAfterACrashInTheMiddle() {
    Seeds.forEach(
        10,
        (seed, random) -> {
          var crashing = LogFixture.formatted();
          var before = LogFixture.open(crashing);
          LogFixture.append(before.create(partition(0), LogFixture.SMALL), 4, 1);
          before.setAside(partition(0), SetAsideReason.TOPIC_DELETED, Keep.FOR_A_TIME, "test");
          crashing.beforeEachChange(() -> {
            var image = crashing.afterPowerLoss(PowerLoss.ANY, random);
            image.close();
            var next = LogFixture.open(image);
            next.expireSetAside(NOW_MILLIS * 2, RETENTION_MILLIS);
            assertThat(next.damaged()).isEmpty();
            assertThat(image.files("lost+found")).isEmpty();
          });

          assertThat(before.expireSetAside(NOW_MILLIS * 2, RETENTION_MILLIS)).hasSize(1);
        });
  }

  private LogStore write(int number) {
    var log = store.create(partition(number), LogFixture.SMALL);
    for (int i = 0; i < 30; i++) {
      LogFixture.append(log, 4, 1);
    }
    LogFixture.force(store, log);
    return store;
  }

  private List<String> expireAll() {
    return store.expireSetAside(NOW_MILLIS * 2, RETENTION_MILLIS);
  }

  private List<String> places() {
    return disk.list("lost+found").stream().map(entry -> entry.name()).toList();
  }
}
