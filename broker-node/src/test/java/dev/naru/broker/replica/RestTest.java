package dev.naru.broker.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.replica.LeaderInput.Tick;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When a leader needs no clock, and that it may do without one for long. */
class RestTest {

  private final Leading leading = Leading.inSync(Assignments.led().withIsr(1, 2, 3));

  @Test
  void aLeaderRestsOnceEveryReplicaHasAllThereIs() {
    assertThat(leading.leader.isAtRest()).isTrue();

    leading.produce(Acks.ALL, 5);
    leading.forced();
    leading.ack(2, leading.end);
    assertThat(leading.leader.isAtRest()).as("node 3 is behind").isFalse();

    leading.ack(3, leading.end);
    assertThat(leading.leader.isAtRest()).isTrue();
  }

  @Test
  void aLeaderThatHasYetToHearOfAReplicaDoesNotRest() {
    var unheard = Leading.of(Assignments.led().withIsr(1, 2, 3));
    unheard.subscribe(2, Leading.EPOCH_START);

    assertThat(unheard.leader.isAtRest()).isFalse();
  }

  @Test
  void aLeaderWithoutAllOfItsReplicasDoesNotRest() {
    leading.image(leading.assignment.withIsr(1, 2));

    assertThat(leading.leader.isAtRest()).isFalse();
  }

  @Test
  void afterALongRestAFollowerStillHasAllOfTheAllowedLag() {
    leading.pass(Duration.ofSeconds(10));
    leading.nowNanos += Duration.ofHours(1).toNanos();
    leading.step(new Tick(leading.nowNanos)); // as the owner hands it in before the next input
    leading.produce(Acks.ALL, 5);
    leading.forced();
    leading.ack(2, leading.end);

    var early = leading.pass(Duration.ofMillis(5_900));
    var late = leading.pass(Duration.ofMillis(600));

    assertThat(Leading.proposal(early)).isEmpty();
    assertThat(Leading.members(late)).containsExactly(1, 2);
  }
}
