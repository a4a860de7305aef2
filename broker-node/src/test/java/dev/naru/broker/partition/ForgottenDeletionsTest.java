package dev.naru.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.replica.ForgottenDeletions;
import dev.naru.broker.replica.ToFollower.AcceptOrder;
import dev.naru.broker.replica.ToLeader.SubscribeRequest;
import dev.naru.log.disk.FaultyDisk.Operation;
import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a follower says of deletions, to one leader after the other. */
class ForgottenDeletionsTest {

  private static final ForgottenDeletions GONE = new ForgottenDeletions(1_000, 1_000);

  private final OnePartition one = OnePartition.following();

  @Test
  void whoStartedOverDoesNotNeedToAgainUnderTheSameLeader() {
    accepted(0, true, GONE);
    one.batches(4, 0);

    anotherLeader();

    assertThat(cleanBelow()).isEqualTo(1_000);
  }

  /**
   * The second leader was never compacted: it sends a value, but not yet its deletion, which is
   * gone at the first one.
   */
  @Test
  void whoHasCopiedFromALeaderThatWasNeverCompactedStartsOverAgain() {
    accepted(0, true, GONE);
    one.batches(4, 0);
    anotherLeader();
    accepted(4, false, ForgottenDeletions.NONE);
    one.batches(1, 0);

    anotherLeader();

    assertThat(cleanBelow()).isLessThan(1_000);
    assertThat(one.log.cleaning().purgedBelow()).isEqualTo(4);
  }

  @Test
  void whoGoesOnAtALeaderThatLacksMoreLacksItToo() {
    one.accepted();
    one.batches(4, 0);
    anotherLeader();

    accepted(4, false, GONE);

    assertThat(one.log.cleaning().purgedBelow()).isEqualTo(1_000);
    assertThat(one.log.cleaning().cleanBelow()).isZero();
  }

  @Test
  void whoBeginsAtALeaderThatHasLostCountPromisesNothing() {
    accepted(0, true, new ForgottenDeletions(1_000, 0));
    one.batches(4, 0);

    anotherLeader();

    assertThat(cleanBelow()).isZero();
    assertThat(one.log.cleaning().purgedBelow()).isEqualTo(1_000);
  }

  /**
   * At a failover a loop hears this of a thousand leaders, and each write waits for the disk. What
   * lies below the end of the log is there already, whoever leads.
   */
  @Test
  void whoHasAllThatItPromisesForWritesNothingUnderAnotherLeader() {
    accepted(0, true, new ForgottenDeletions(3, 3));
    one.batches(4, 0);
    anotherLeader();
    var writes = new ArrayList<String>();
    one.disk.failWhen((operation, name) -> {
      if (operation != Operation.READ && operation != Operation.OPEN) {
        writes.add(operation + " " + name);
      }
      return Optional.empty();
    });

    accepted(4, false, ForgottenDeletions.NONE);

    assertThat(writes).isEmpty();
    anotherLeader();
    assertThat(cleanBelow()).isEqualTo(3);
  }

  private void accepted(long from, boolean startOver, ForgottenDeletions gone) {
    one.fromLeader(new AcceptOrder(one.subscription(), one.epoch(), from, startOver, 0, gone));
  }

  private void anotherLeader() {
    one.image(one.assignment.withLeader(2));
  }

  private long cleanBelow() {
    return one.outside.toLeader(SubscribeRequest.class).getLast().tail().cleanBelow();
  }
}
