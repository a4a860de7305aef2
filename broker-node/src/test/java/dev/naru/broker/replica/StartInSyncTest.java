package dev.naru.broker.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.replica.LeaderEffect.StartInSync;
import dev.naru.broker.replica.LeaderInput.Durable;
import org.junit.jupiter.api.Test;

/** A log start that was promised is kept by whoever leads next. */
class StartInSyncTest {

  @Test
  void isWhatAllInSyncReplicasHaveOnDisk() {
    var leading = Leading.inSync(Assignments.led());

    leading.step(new Durable(100, 50));
    assertThat(leading.ack(2, 100, 100, 50)).noneMatch(StartInSync.class::isInstance);
    var effects = leading.ack(3, 100, 100, 40);

    assertThat(effects).contains(new StartInSync(40));
    assertThat(leading.ack(3, 100, 100, 60)).contains(new StartInSync(50));
  }

  /** Else a replica of the ELR is elected that has not heard of it. */
  @Test
  void doesNotRiseWhileTooFewAreInSync() {
    var leading = Leading.inSync(Assignments.led().withIsr(1));

    assertThat(leading.step(new Durable(100, 50))).noneMatch(StartInSync.class::isInstance);
  }

  @Test
  void waitsForWhoeverIsProposed() {
    var leading = Leading.of(Assignments.led().withIsr(1, 2));
    leading.subscribe(2, 100);
    leading.ack(2, 100, 100, 50);
    leading.subscribe(3, 100);
    assertThat(leading.leader.isr().maximal()).contains(Assignments.node(3));

    assertThat(leading.step(new Durable(100, 50))).noneMatch(StartInSync.class::isInstance);
    assertThat(leading.ack(3, 100, 100, 50)).contains(new StartInSync(50));
  }

  @Test
  void whoBeginsBelowDoesNotJoin() {
    var leading = Leading.of(Assignments.led().withIsr(1, 2));
    leading.subscribe(2, 100);
    leading.step(new Durable(100, 50));
    leading.ack(2, 100, 100, 50);
    assertThat(leading.leader.startInSync()).isEqualTo(50);

    assertThat(Leading.members(leading.subscribe(3, 100))).isEmpty();
    assertThat(Leading.members(leading.ack(3, 100, 100, 40))).isEmpty();
    assertThat(Leading.members(leading.ack(3, 100, 100, 50))).containsExactly(1, 2, 3);
  }

  @Test
  void isNotKnownOfAFollowerThatSubscribesAgain() {
    var leading = Leading.inSync(Assignments.led());
    leading.ack(2, 100, 100, 50);
    leading.ack(3, 100, 100, 50);

    leading.subscribe(3, 100);

    assertThat(leading.step(new Durable(100, 50))).noneMatch(StartInSync.class::isInstance);
  }
}
