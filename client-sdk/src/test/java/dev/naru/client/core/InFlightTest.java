package dev.naru.client.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.core.InFlight.Fate;
import dev.naru.client.core.InFlight.Returned;
import dev.naru.testing.Seeds;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class InFlightTest {

  private static final Refused REFUSED = new Refused(ErrorCode.NOT_ENOUGH_REPLICAS, "too few");
  private static final Refused BROKEN = new Refused(ErrorCode.REQUEST_TIMEOUT, "broken");

  private final InFlight<String> inFlight = new InFlight<>();

  @Test
  void settlesWhatIsAcceptedInAnyOrder() {
    send("a", "b", "c");

    assertThat(inFlight.accepted(2)).contains("b");
    assertThat(inFlight.accepted(2)).isEmpty();
    assertThat(inFlight.oldest()).contains("a");
    assertThat(inFlight.takeReturned()).isEmpty();
  }

  @Test
  void saysWhichBatchWasRefused() {
    send("a", "b");

    assertThat(inFlight.refused(2, REFUSED)).contains("b");
    assertThat(inFlight.refused(2, REFUSED)).isEmpty();
    assertThat(inFlight.refused(9, REFUSED)).isEmpty();
  }

  @Test
  void waitsForEveryAnswerBeforeTheRestGoesBackInOrder() {
    send("a", "b", "c", "d");

    inFlight.refused(2, REFUSED);
    inFlight.refused(3, REFUSED);
    assertThat(inFlight.hasRoom(100)).isFalse();
    assertThat(inFlight.takeReturned()).isEmpty();
    inFlight.accepted(1);
    inFlight.refused(4, REFUSED);

    assertThat(inFlight.takeReturned())
        .containsExactly(
            new Returned<>("b", Fate.REFUSED, REFUSED),
            new Returned<>("c", Fate.FOLLOWED, REFUSED),
            new Returned<>("d", Fate.FOLLOWED, REFUSED));
    assertThat(inFlight.hasRoom(1)).isTrue();
  }

  @Test
  void knowsNothingOfWhatABrokenStreamLeaves() {
    send("a", "b", "c");
    inFlight.refused(2, REFUSED);

    inFlight.lost(BROKEN);

    assertThat(inFlight.takeReturned())
        .extracting(Returned::fate)
        .containsExactly(Fate.UNKNOWN, Fate.REFUSED, Fate.UNKNOWN);
  }

  @Test
  void hearsNoAnswersToWhatWasGivenUp() {
    send("a");
    inFlight.lost(BROKEN);
    inFlight.takeReturned();
    inFlight.sent(2, "a");

    assertThat(inFlight.accepted(1)).isEmpty();
    inFlight.refused(1, REFUSED);

    assertThat(inFlight.hasRoom(2)).isTrue();
    assertThat(inFlight.accepted(2)).contains("a");
  }

  private void send(String... batches) {
    for (int i = 0; i < batches.length; i++) {
      inFlight.sent(i + 1, batches[i]);
    }
  }

  /** A leader that takes runs of an attempt, and streams that deliver late or break. */
  @Test
  void keepsTheOrderOfFirstCopiesUnderAnyFaults() {
    Seeds.forEach(200, (seed, random) -> run(random));
  }

  private static void run(RandomGenerator random) {
    var flight = new InFlight<Integer>();
    var unsent = new ArrayList<Integer>();
    for (int i = 0; i < 60; i++) {
      unsent.add(i);
    }
    var wire = new ArrayList<long[]>(); // request, attempt, batch; what the leader has not seen yet
    var log = new ArrayList<Integer>();
    int refusedAttempt = -1;
    long request = 0;
    for (int turn = 0; !unsent.isEmpty() || !flight.isEmpty(); turn++) {
      assertThat(turn).isLessThan(10_000);
      int percent = turn < 5_000 ? random.nextInt(100) : 50;
      if (percent < 45 && !unsent.isEmpty() && flight.hasRoom(5)) {
        int batch = unsent.removeFirst();
        flight.sent(++request, batch);
        wire.add(new long[] {request, flight.attempt(), batch});
      } else if (percent < 90 && !wire.isEmpty()) {
        long[] next = wire.removeFirst();
        boolean isRefused = next[1] <= refusedAttempt || (turn < 5_000 && percent > 80);
        if (isRefused) {
          refusedAttempt = (int) Math.max(refusedAttempt, next[1]);
          flight.refused(next[0], REFUSED);
        } else {
          log.add((int) next[2]);
          flight.accepted(next[0]);
        }
      } else if (percent > 95) {
        flight.lost(BROKEN); // what is on the wire may still arrive
      }
      var returned = flight.takeReturned();
      if (!returned.isEmpty()) {
        flight.begin(flight.attempt() + 1);
      }
      for (int i = returned.size() - 1; i >= 0; i--) {
        unsent.addFirst(returned.get(i).batch());
      }
    }
    for (int i = 0; i < 60; i++) {
      assertThat(log).contains(i);
    }
    assertThat(log.stream().distinct().toList()).isSorted();
  }

  @Test
  void countsItsRoom() {
    send("a", "b");

    assertThat(inFlight.hasRoom(2)).isFalse();
    assertThat(inFlight.hasRoom(3)).isTrue();
    assertThat(inFlight.batches()).isEqualTo(List.of("a", "b"));
  }
}
