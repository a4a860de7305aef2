package dev.naru.broker.coordinator;

import static dev.naru.broker.coordinator.OneShard.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.coordinator.ToMember.Heard;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A coordinator that does not know whether it still leads: it cannot tell whether the quorum is
 * lost, or it is cut off and has a successor.
 */
class DeposedCoordinatorTest {

  private final OneShard shard = new OneShard().topic("a", 2);
  private final FakeMember member = shard.member(1).join("a");
  private int epoch;
  private List<PartitionId> held = List.of();

  @BeforeEach
  void isCutOff() {
    shard.share();
    member.hold();
    shard.commit();
    epoch = member.assignment().epoch();
    held = member.partitions();
    member.forget();
    shard.isCurrent(false);
  }

  @Test
  void prolongsNoLeaseWithoutAWrite() {
    long heard = member.heard();

    member.beat();
    shard.pass(Duration.ofSeconds(3));

    assertThat(member.told()).isEmpty();
    assertThat(member.heard()).isEqualTo(heard);
  }

  @Test
  void prolongsLeasesByAWriteThatIsCommitted() {
    member.beat();
    shard.tick(Duration.ofMillis(100));
    long proof = shard.log().end();
    member.beat(); // after the write: it proves nothing about this one
    shard.commit(proof);

    assertThat(member.told()).containsExactly(new Heard());
    assertThat(member.heard()).isEqualTo(member.sequence() - 1);

    shard.pass(Duration.ofSeconds(1));
    shard.commit();

    assertThat(member.heard()).isEqualTo(member.sequence());
  }

  @Test
  void writesOnceASecondAtMost() {
    long before = shard.log().end();

    for (int i = 0; i < 30; i++) {
      member.beat();
      shard.tick(Duration.ofMillis(100));
    }

    assertThat(shard.log().end() - before).isBetween(3L, 4L);
  }

  @Test
  void tellsSoAtOnceWhenItsImageIsCurrentAgain() {
    member.beat();
    shard.tick(Duration.ofMillis(100));

    shard.isCurrent(true);
    shard.tick(Duration.ofMillis(100));

    assertThat(member.told()).containsExactly(new Heard());
  }

  @Test
  void goesOnSharingWhileTheQuorumIsLost() {
    var second = shard.member(2).join("a");
    shard.share();
    member.hold();
    shard.commit();

    assertThat(member.partitions()).hasSize(1);
    assertThat(second.partitions()).hasSize(1);
  }

  @Test
  void grantsNothingThatIsNotCommitted() {
    var second = shard.member(2).join("a");
    shard.pass(Duration.ofSeconds(30)); // also takes members out, in vain

    assertThat(second.told()).isEmpty();
    assertThat(member.told()).isEmpty();
  }

  @Test
  void aMemberThatComesHasALeaseFromItsJoin() {
    var second = shard.member(2).join("a");
    shard.commit();

    assertThat(second.heard()).isEqualTo(1);
  }

  @Test
  void acceptsNobodyWhoComesBackBeforeItKnowsThatItLeads() {
    member.breakStream();
    var back = shard.member(1).join(epoch, held, "a");
    shard.pass(Duration.ofSeconds(1));

    assertThat(back.told()).isEmpty(); // though nothing had to be written for it

    shard.commit();

    assertThat(back.partitions()).isEqualTo(held);
    assertThat(back.heard()).isEqualTo(1);
  }

  @Test
  void whatElseIsCommittedMeanwhileAcceptsNobodyEither() {
    var kept = shard.commitOffset(member, epoch, partition("a", 0), 1);
    long before = shard.log().end();
    var back = shard.member(1).join(epoch, held, "a");
    shard.commit(before);

    assertThat(kept).hasSize(1);
    assertThat(back.told()).isEmpty();

    shard.commit();

    assertThat(back.heard()).isEqualTo(1);
  }

  @Test
  void whoComesBackIsToldWhyItIsNotAccepted() {
    shard.log().refuse(new Refused(ErrorCode.NOT_ENOUGH_REPLICAS, "one of two"));
    var back = shard.member(1).join(epoch, held, "a");
    shard.commit();

    assertThat(back.refused()).contains(ErrorCode.COORDINATOR_NOT_AVAILABLE);
  }

  @Test
  void refusesNobodyBeforeItKnowsThatItLeads() {
    var kept = shard.commitOffset(shard.member(7), 1, partition("a", 0), 1);
    var back = shard.member(8).join(5, List.of(), "a");
    shard.pass(Duration.ofSeconds(1));

    assertThat(kept).isEmpty();
    assertThat(back.refused()).isEmpty();

    shard.commit();

    assertThat(kept).hasSize(1);
    assertThat(back.refused()).contains(ErrorCode.FENCED_MEMBER);
  }

  @Test
  void readsNothingThatMayBeOld() {
    var read = shard.askOffsets();
    shard.pass(Duration.ofSeconds(1));

    assertThat(read).isEmpty();
  }

  @Test
  void whoeverWaitsHearsWhenAnotherLeads() {
    var kept = shard.commitOffset(member, 2, partition("a", 0), 1);
    var read = shard.askOffsets();

    shard.shard().resign(new Refused(ErrorCode.NOT_LEADER, "Expected to lead, but do not"));

    assertThat(kept).hasSize(1);
    assertThat(read).hasSize(1);
    assertThat(member.refused()).contains(ErrorCode.NOT_LEADER);
    assertThat(shard.notices()).contains("ended");
  }
}
