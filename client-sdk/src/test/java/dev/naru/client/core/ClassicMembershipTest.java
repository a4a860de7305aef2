package dev.naru.client.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.TopicPartition;
import dev.naru.client.core.MemberEffect.Send;
import dev.naru.client.core.MemberEffect.Tell;
import dev.naru.client.core.MemberInput.Accepted;
import dev.naru.client.core.MemberInput.Assigned;
import dev.naru.client.core.MemberInput.Broken;
import dev.naru.client.core.MemberInput.GivesBackAll;
import dev.naru.client.core.MemberInput.Holds;
import dev.naru.client.core.MemberInput.Opened;
import dev.naru.client.core.MemberInput.Polled;
import dev.naru.client.core.MemberInput.Subscribed;
import dev.naru.client.core.MemberInput.Syncs;
import dev.naru.client.core.MemberInput.Tick;
import dev.naru.client.core.MemberMessage.Holding;
import dev.naru.client.core.MemberMessage.Join;
import dev.naru.client.core.MemberMessage.Sync;
import dev.naru.testing.Seeds;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A member whose group has rounds. */
class ClassicMembershipTest {

  private static final PartitionId P = new PartitionId(TopicId.of(1, 1), 0);

  private final Membership member =
      new Membership(
          new MembershipConfig(true, false, 450, 30, 3000, new RetryPolicy(2, 2)), Seeds.random(1));
  private long now = 1000;
  private List<MemberEffect> effects = List.of();

  private void step(MemberInput input) {
    effects = member.step(input, now);
  }

  private static SortedSet<String> topics(String... names) {
    return new TreeSet<>(List.of(names));
  }

  private static Held holds(int epoch, PartitionId... partitions) {
    return new Held(0, epoch, new TreeSet<>(List.of(partitions)));
  }

  /** It has what it was handed in the fourth generation. */
  @BeforeEach
  void isHandedAPartition() {
    step(new Subscribed(topics("orders")));
    step(new Polled());
    step(new Opened(1));
    step(new Accepted(1, 1, ClassicEpoch.handed(3), 30));
    var grants = new TreeMap<PartitionId, Grant>();
    grants.put(
        P,
        new Grant(
            P, new TopicPartition("orders", 0), ClassicEpoch.handed(4), Optional.empty(), false));
    step(new Assigned(1, 1, ClassicEpoch.handed(4), grants));
    step(new Holds(holds(ClassicEpoch.handed(4), P)));
  }

  @Test
  void joinsAnewWhenItHasGivenBackEverything() {
    int over = ClassicEpoch.over(4);

    step(new GivesBackAll(1, 1, over));
    assertThat(effects)
        .containsExactly(new Tell(new Told(0, over, new TreeMap<>(), Optional.empty())));
    step(new GivesBackAll(1, 1, over));
    assertThat(effects).isEmpty();
    step(new Holds(holds(over)));

    assertThat(effects).containsExactly(new Send(1, 3, new Join(topics("orders"), holds(over), 2)));
    assertThat(member.state()).isEqualTo(Membership.State.IN);
  }

  @Test
  void joinsAnewOnAnotherStreamWhenItsOwnBreaksMeanwhile() {
    int over = ClassicEpoch.over(4);
    step(new GivesBackAll(1, 1, over));
    step(new Broken(1, new Refused(ErrorCode.NOT_LEADER, "Expected x, but y")));
    step(new Holds(holds(over)));
    assertThat(effects).isEmpty();

    now += 10;
    step(new Tick());
    step(new Opened(2));

    assertThat(effects).containsExactly(new Send(2, 1, new Join(topics("orders"), holds(over), 2)));
  }

  @Test
  void doesNotJoinAgainForWhatItIsHandedNext() {
    step(new GivesBackAll(1, 1, ClassicEpoch.over(4)));
    step(new Holds(holds(ClassicEpoch.over(4))));
    int next = ClassicEpoch.handed(5);
    step(new Assigned(1, 3, next, new TreeMap<>()));

    step(new Holds(holds(next)));

    assertThat(effects).containsExactly(new Send(1, 4, new Holding(holds(next))));
  }

  @Test
  void comesAgainWithOtherTopicsAndWhatItHolds() {
    step(new Subscribed(topics("bills")));

    assertThat(effects)
        .containsExactly(
            new Send(1, 3, new Join(topics("bills"), holds(ClassicEpoch.handed(4), P), 2)));
  }

  @Test
  void saysWhoGetsWhatWhileItsStreamIsThere() {
    var sync = new Sync(4, new TreeMap<>());
    step(new Syncs(sync));
    assertThat(effects).containsExactly(new Send(1, 3, sync));

    step(new Broken(1, new Refused(ErrorCode.NOT_LEADER, "Expected x, but y")));
    step(new Syncs(sync));
    assertThat(effects).isEmpty();
  }

  @Test
  void knowsTheGenerationOfBothItsEpochs() {
    for (int generation = 0; generation < 3; generation++) {
      assertThat(ClassicEpoch.generation(ClassicEpoch.handed(generation))).isEqualTo(generation);
      assertThat(ClassicEpoch.generation(ClassicEpoch.over(generation))).isEqualTo(generation);
      assertThat(ClassicEpoch.over(generation)).isGreaterThan(ClassicEpoch.handed(generation));
    }
  }
}
