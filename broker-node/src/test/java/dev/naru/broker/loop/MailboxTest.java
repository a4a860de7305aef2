package dev.naru.broker.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.testing.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MailboxTest {

  @Test
  void wakesAReaderThatFellAsleep() throws InterruptedException {
    var mailbox = new Mailbox<String>();
    var seen = new ArrayList<String>();
    var reader =
        Thread.ofPlatform()
            .start(() -> {
              while (seen.size() < 1_000) {
                if (mailbox.drainProtocol(seen::add, 10) == 0) {
                  mailbox.await(60_000_000_000L);
                }
              }
            });

    for (int i = 0; i < 1_000; i++) {
      mailbox.putProtocol("item " + i);
    }
    reader.join(30_000);

    assertThat(reader.isAlive()).isFalse();
    assertThat(seen).hasSize(1_000);
  }

  @Test
  void takesWhatWasPutInQuietlyWhenItIsWoken() throws InterruptedException {
    var mailbox = new Mailbox<String>();
    var reader = new SleepingReader(mailbox);

    assertThat(mailbox.offerRequestQuietly("quiet")).isTrue();
    mailbox.wake();

    assertThat(reader.found()).containsExactly("quiet");
  }

  @Test
  void takesWhatWasPutInQuietlyWithWhatWasNot() throws InterruptedException {
    var mailbox = new Mailbox<String>();
    var reader = new SleepingReader(mailbox);

    assertThat(mailbox.offerRequestQuietly("quiet")).isTrue();
    assertThat(mailbox.offerRequest("loud")).isTrue();

    assertThat(reader.found()).containsExactly("quiet", "loud");
  }

  @Test
  void sleepsOnWhenLittleIsPutInQuietly() throws InterruptedException {
    var mailbox = new Mailbox<String>();
    var reader = new SleepingReader(mailbox, Duration.ofMillis(100));

    assertThat(mailbox.offerRequestQuietly("quiet")).isTrue();

    assertThat(reader.slept()).isGreaterThan(Duration.ofMillis(90));
  }

  @Test
  void doesNotLetMuchLieAroundHoweverQuietlyItWasPutIn() throws InterruptedException {
    var mailbox = new Mailbox<String>();
    var reader = new SleepingReader(mailbox);

    for (int i = 0; i <= Mailbox.QUIET_MAX; i++) {
      assertThat(mailbox.offerRequestQuietly("quiet")).isTrue();
    }

    assertThat(reader.found()).hasSize(Mailbox.QUIET_MAX + 1);
  }

  @Test
  void saysWhenThereIsNoRoomEvenForWhatIsPutInQuietly() {
    var mailbox = new Mailbox<String>();
    for (int i = 0; i < Mailbox.REQUESTS_MAX; i++) {
      assertThat(mailbox.offerRequestQuietly("quiet")).isTrue();
    }

    assertThat(mailbox.offerRequestQuietly("quiet")).isFalse();
  }

  @Test
  void losesNothingThatIsPutInWhileTheReadingEnds() throws InterruptedException {
    for (int round = 0; round < 200; round++) {
      var mailbox = new Mailbox<Integer>();
      var seen = new AtomicInteger();
      var writers =
          IntStream.range(0, 2)
              .mapToObj(writer ->
                  Thread.ofPlatform()
                      .start(() -> {
                        for (int i = 0; i < 50; i++) {
                          mailbox.putProtocol(i);
                          assertThat(mailbox.offerRequest(i)).isTrue();
                        }
                      }))
              .toList();
      mailbox.drainProtocol(item -> seen.incrementAndGet(), 10);

      mailbox.close(item -> seen.incrementAndGet());

      for (var writer : writers) {
        writer.join();
      }
      assertThat(seen).hasValue(200);
    }
  }

  /** Sleeps until it is woken, or for so long; takes the requests that it finds then, and ends. */
  private static final class SleepingReader {

    private final Thread thread;

    // Read when the thread has ended.
    private final List<String> found = new ArrayList<>();
    private long sleptNanos;

    SleepingReader(Mailbox<String> mailbox) {
      this(mailbox, Duration.ofMinutes(1));
    }

    SleepingReader(Mailbox<String> mailbox, Duration most) {
      thread =
          Thread.ofPlatform()
              .start(() -> {
                long began = System.nanoTime();
                mailbox.await(most.toNanos());
                sleptNanos = System.nanoTime() - began;
                mailbox.drainRequests(found::add, Mailbox.REQUESTS_MAX);
              });
      Eventually.allowing("a thread that starts", Duration.ofSeconds(1))
          .until(
              "the reader sleeps, or has slept",
              () -> thread.getState() == Thread.State.TIMED_WAITING || !thread.isAlive());
    }

    List<String> found() throws InterruptedException {
      awaitEnd();
      return found;
    }

    Duration slept() throws InterruptedException {
      awaitEnd();
      return Duration.ofNanos(sleptNanos);
    }

    private void awaitEnd() throws InterruptedException {
      thread.join(30_000);
      assertThat(thread.isAlive()).as("still asleep").isFalse();
    }
  }
}
