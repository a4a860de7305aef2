package dev.naru.broker.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class UnreadBytesTest {

  private final UnreadBytes unread = new UnreadBytes(100);

  @Test
  void hasRoomUntilTooMuchHasCome() {
    unread.came(99);
    assertThat(unread.hasRoom()).isTrue();

    unread.came(1);
    assertThat(unread.hasRoom()).isFalse();
  }

  @Test
  void tellsOfRoomOnlyWhoHasLookedInVain() {
    unread.came(150);

    assertThat(unread.dealtWith(51)).as("nobody has looked").isFalse();
    unread.came(51);
    assertThat(unread.hasRoom()).isFalse();
    assertThat(unread.dealtWith(50)).as("still no room").isFalse();
    assertThat(unread.dealtWith(1)).isTrue();
    assertThat(unread.dealtWith(1)).as("has been told").isFalse();
  }

  /** The one who looks must hear of it, whenever the other deals with the last batch. */
  @Test
  void neverLeavesAnybodyWaiting() throws InterruptedException {
    var dealing = new Semaphore(0);
    var room = new Semaphore(0);
    var other =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              while (!Thread.interrupted()) {
                dealing.acquireUninterruptibly();
                if (unread.dealtWith(100)) {
                  room.release();
                }
              }
            });

    for (int i = 0; i < 50_000; i++) {
      unread.came(100);
      dealing.release();
      if (!unread.hasRoom()) {
        assertThat(room.tryAcquire(30, TimeUnit.SECONDS)).as("told in round " + i).isTrue();
      } else {
        room.drainPermits(); // it may have told although the second look found room
      }
    }
    other.interrupt();
    dealing.release();
  }
}
