package dev.naru.cli.records;

import static dev.naru.cli.records.FakeGroup.ALL;
import static dev.naru.cli.records.FakeGroup.P0;
import static dev.naru.cli.records.FakeGroup.P1;
import static dev.naru.cli.records.FakeGroup.P2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.records.FakeGroup.Member;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A group reads three partitions of four records each; a member is granted some of them. */
class GroupEndTest {

  private final FakeGroup group = new FakeGroup();

  /** Its session still runs, and its partition is given to this member only when that is over. */
  @Test
  void waitsForAPartitionThatIsKeptForAMemberThatDied() {
    var member = toEnd();
    member.isGranted(P1, P2);
    member.reads();
    group.commit(P0, 1);

    assertThat(member.isReached()).isFalse();
    assertThat(member.said()).contains("orders/0 up to offset 4").doesNotContain("orders/1");

    member.isGranted(P0);
    group.pass(Duration.ofSeconds(2));
    assertThat(member.isReached()).isFalse();
    member.reads();
    group.pass(Duration.ofSeconds(2));
    assertThat(member.isReached()).isTrue();
  }

  @Test
  void endsWithoutAnyPartitionWhenOthersHaveReadThem() {
    var member = toEnd();
    ALL.forEach(each -> group.commit(each, 3));
    assertThat(member.isReached()).isFalse();

    ALL.forEach(each -> group.commit(each, 4));
    group.pass(Duration.ofSeconds(2));

    assertThat(member.isReached()).isTrue();
    assertThat(member.pauses()).as("a poll waits then").isZero();
  }

  @Test
  void whatComesAfterItBeganNeedNotBeRead() {
    var member = toEnd();
    group.ends.replaceAll((_, _) -> 9L);

    assertThat(member.end.stopIn(P0)).isEqualTo(Position.offset(4));
    ALL.forEach(each -> group.commit(each, 4));
    assertThat(member.isReached()).isTrue();
  }

  /** Records came between the questions of the two: neither end lies before both of the other. */
  @Test
  void twoMembersThatFoundDifferentEndsDoNotWaitForEachOther() {
    group.ends.put(P0, 6L);
    var one = toEnd();
    group.ends.put(P0, 5L); // as another leader's answer was, a moment earlier
    group.ends.put(P1, 6L);
    var other = toEnd();
    group.ends.replaceAll((_, _) -> 6L);
    one.isGranted(P1, P2);
    other.isGranted(P0);

    for (int i = 0; i < 4; i++) {
      Stream.of(one, other).forEach(Member::reads);
      group.pass(Duration.ofSeconds(1));
      Stream.of(one, other).forEach(Member::isReached);
    }

    assertThat(one.isReached()).isTrue();
    assertThat(other.isReached()).isTrue();
  }

  /** What it was told to stop before it does not print, whoever waits. */
  @Test
  void stopsAtAnOffsetAlsoWhileItWaits() {
    var member = group.member(new ReadFrom.Beginning(), Position.offset(2));
    member.isGranted(P1, P2);
    member.reads();

    assertThat(member.isReached()).isFalse();
    member.reads();

    assertThat(member.pauses()).isEqualTo(1);
    assertThat(group.committed.get(P1)).extracting("offset").isEqualTo(2L);
  }

  @Test
  void waitsForNothingThatRetentionTookFromOthers() {
    var member = toEnd();
    member.isGranted(P1, P2);
    member.reads();
    assertThat(member.isReached()).isFalse();

    group.begins.put(P0, 4L);
    group.pass(Duration.ofSeconds(10));

    assertThat(member.isReached()).isTrue();
  }

  /** A lossy election: what was cut comes no more. */
  @Test
  void waitsForNothingThatWasCutOffAnywhere() {
    var member = toEnd();
    group.ends.put(P0, 3L);
    group.ends.put(P1, 2L);
    member.isGranted(P1, P2);
    member.reads();
    group.commit(P0, 3);
    assertThat(member.isReached()).isFalse();

    group.pass(Duration.ofSeconds(10));
    member.isReached();
    group.pass(Duration.ofSeconds(1));

    assertThat(member.isReached()).isTrue();
  }

  @Test
  void anOffsetThatIsCutOffIsStillToCome() {
    var member = group.member(new ReadFrom.Beginning(), Position.offset(4));
    group.ends.put(P1, 2L);
    member.isGranted(ALL.toArray(TopicPartition[]::new));
    member.reads();
    group.pass(Duration.ofSeconds(10));
    assertThat(member.isReached()).isFalse();

    group.ends.put(P1, 4L);
    member.reads();

    assertThat(member.isReached()).isTrue();
  }

  @Test
  void asksAgainWhenALeaderIsMissing() {
    var member = toEnd();
    member.isGranted(P1, P2);
    member.reads();
    group.leaderless.add(P0);
    group.pass(Duration.ofSeconds(10));
    assertThat(member.isReached()).isFalse();

    group.commit(P0, 4);
    group.pass(Duration.ofSeconds(1));

    assertThat(member.isReached()).isTrue();
  }

  /** Its last batches may hold no records any more, so nothing is printed and committed then. */
  @Test
  void commitsThatItHasComeToTheEndAlsoWhereNoRecordIs() {
    var member = toEnd();
    member.isGranted(P1, P2);
    member.passes();

    assertThat(member.isReached()).isFalse();

    assertThat(group.committed.keySet()).containsExactlyInAnyOrder(P1, P2);
    member.isGranted(P0);
    member.passes();
    group.pass(Duration.ofSeconds(1));
    assertThat(member.isReached()).isTrue();
    assertThat(group.committed.keySet()).containsExactlyInAnyOrder(P0, P1, P2);
  }

  @Test
  void whatTheGroupHasGivenToOthersIsNotReadHere() {
    var member = toEnd();
    member.isGranted(P0, P1, P2);
    member.passes();
    member.isFencedOnce();

    assertThat(member.isReached()).isFalse();

    ALL.forEach(each -> group.commit(each, 4));
    group.pass(Duration.ofSeconds(1));
    assertThat(member.isReached()).isTrue();
  }

  @Test
  void whereNothingIsCommittedItBeginsWhereItWasTold() {
    assertThat(group.member(new ReadFrom.End(), Position.end()).isReached())
        .as("from the end there is nothing")
        .isTrue();
    assertThat(toEnd().isReached()).isFalse();
    group.begins.replaceAll((_, _) -> 4L);
    assertThat(toEnd().isReached()).as("nothing is kept").isTrue();
  }

  @Test
  void asksOnceASecondAtMostAndSaysOnceWhatItWaitsFor() {
    var member = toEnd();
    member.isGranted(P0);
    member.reads();

    for (int i = 0; i < 20; i++) {
      assertThat(member.isReached()).isFalse();
      group.pass(Duration.ofMillis(100));
    }

    assertThat(member.questions()).isEqualTo(2);
    assertThat(member.said().lines()).hasSize(1);
  }

  @Test
  void aTimeToComeIsNoPlaceInThePartitionsOfOthers() {
    var now = Instant.parse("2026-01-01T00:00:00Z");

    assertThatThrownBy(() -> GroupEnd.requireSettled(Position.time(now.plusSeconds(1)), now))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("a time that has passed");
    assertThatCode(() -> GroupEnd.requireSettled(Position.time(now), now))
        .doesNotThrowAnyException();
  }

  private Member toEnd() {
    return group.member(new ReadFrom.Beginning(), Position.end());
  }
}
