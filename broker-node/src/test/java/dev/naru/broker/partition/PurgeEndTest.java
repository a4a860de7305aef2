package dev.naru.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.partition.PartitionInput.DamageFound;
import dev.naru.broker.partition.PartitionInput.PurgeEndAsked;
import dev.naru.broker.replica.Acks;
import dev.naru.log.disk.Damage;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Compaction asks which deletions somebody who copies from the log has not met yet. */
class PurgeEndTest {

  @Test
  void aLeaderWaitsForTheSlowestOfThoseItFeeds() {
    var one = OnePartition.leadingTwo();
    one.produce(Acks.LEADER, 50); // more than the window
    one.produce(Acks.LEADER, 5);

    assertThat(purgeEnd(one)).hasValue(50);
  }

  @Test
  void whoFeedsNobodyWaitsForNobody() {
    var alone = OnePartition.alone();
    alone.produce(Acks.LEADER, 50);

    assertThat(purgeEnd(alone)).hasValue(Long.MAX_VALUE);
    assertThat(purgeEnd(OnePartition.following())).hasValue(Long.MAX_VALUE);
  }

  @Test
  void whoseLogIsOutOfUseSaysSo() {
    var one = OnePartition.alone();
    one.take(new DamageFound(new Damage(one.log.id(), 0, 0, "a bit has flipped")));

    assertThat(purgeEnd(one)).isEmpty();
  }

  private static OptionalLong purgeEnd(OnePartition one) {
    var answer = new AtomicReference<>(OptionalLong.of(-1));
    one.take(new PurgeEndAsked(answer::set));
    return answer.get();
  }
}
