package dev.naru.broker.coordinator;

import static dev.naru.broker.coordinator.OneShard.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.coordinator.ShardInput.CommitAnswer;
import dev.naru.broker.coordinator.ShardInput.DeleteAsked;
import dev.naru.broker.coordinator.ShardInput.DeleteOffsetsAsked;
import dev.naru.broker.coordinator.ShardInput.ForgetDue;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

/** What a coordinator forgets by itself, and what it is told to. */
class ForgettingTest {

  private static final PartitionId A0 = partition("a", 0);
  private static final Duration LONG = OneShard.RETENTION.plusMinutes(1);

  private final OneShard shard = new OneShard().topic("a", 2);

  @Test
  void forgetsOffsetsThatNobodyHasUsedForLongAndThenTheGroup() {
    commitOffset();
    shard.passWall(OneShard.RETENTION.minusMinutes(1));
    forget();

    assertThat(shard.offsets()).containsKey(A0);

    shard.passWall(Duration.ofMinutes(2));
    forget();

    assertThat(shard.offsets()).isEmpty();
    assertThat(groups()).isEmpty();
  }

  @Test
  void keepsThemForAsLongAsIsSetWhenItLooks() {
    commitOffset();
    shard.passWall(Duration.ofMinutes(6));
    forget();
    assertThat(shard.offsets()).containsKey(A0);

    shard.take(new ForgetDue(Duration.ofMinutes(5)));
    shard.passCommitting(Duration.ofMillis(500));

    assertThat(shard.offsets()).isEmpty();
  }

  @Test
  void forgetsNothingThatWasWrittenWhileTheEndOfTheGroupWasUnderWay() {
    var _ = shard.commitOffset(A0, 1);
    long first = shard.log().end();
    var deleted = new ArrayList<Optional<Refused>>();
    shard.take(new DeleteAsked(OneShard.GROUP, deleted::add));
    long second = shard.log().end();
    shard.commit(first);
    var again = shard.commitOffset(A0, 7);

    assertThat(deleted).isEmpty();

    shard.commit(second);
    shard.commit();

    assertThat(again).containsExactly(new CommitAnswer.Kept(TreePMap.empty()));
    assertThat(shard.offsets().get(A0)).isNotNull();
  }

  @Test
  void saysNothingOfTheEndOfAGroupBeforeItIsCommitted() {
    var _ = shard.commitOffset(A0, 1);
    long first = shard.log().end();
    shard.take(new DeleteAsked(OneShard.GROUP, done -> {}));
    shard.commit(first);
    var late = new ArrayList<Optional<Refused>>();
    shard.take(new DeleteAsked(OneShard.GROUP, late::add));

    assertThat(late).isEmpty();

    shard.commit();

    assertThat(late).hasSize(1);
  }

  @Test
  void forgetsNothingOfAGroupThatHasMembers() {
    commitOffset();
    var _ = shard.member(1).join("a");
    shard.share();
    shard.passWall(LONG);
    forget();

    assertThat(shard.offsets()).containsKey(A0);
  }

  @Test
  void countsFromWhenTheLastMemberWent() {
    commitOffset();
    var member = shard.member(1).join("a");
    shard.share();
    shard.passWall(LONG);
    member.leave(false);
    shard.commit();
    forget();

    assertThat(shard.offsets()).containsKey(A0);

    shard.passWall(LONG);
    forget();

    assertThat(shard.offsets()).isEmpty();
  }

  @Test
  void forgetsOffsetsOfDeletedTopicsAlsoWhileThereAreMembers() {
    commitOffset();
    var _ = shard.member(1).join("a");
    shard.share();
    shard.delete("a");
    forget();

    assertThat(shard.offsets()).isEmpty();
  }

  @Test
  void deletesAGroupPortionByPortion() {
    for (int i = 0; i < 6_000; i++) {
      var _ = shard.commitOffset(partition("a", i), 1);
    }
    shard.commit();

    var done = delete();

    assertThat(done).isEmpty(); // it is not committed

    shard.commit();
    shard.commit();

    assertThat(done).containsExactly(Optional.empty());
    assertThat(shard.offsets()).isEmpty();
    assertThat(groups()).isEmpty();
  }

  @Test
  void deletesOffsetsPortionByPortionAndKeepsTheOthers() {
    var chosen = TreePMap.<PartitionId, String>empty();
    for (int i = 0; i < 6_000; i++) {
      var _ = shard.commitOffset(partition("a", i), 1);
      chosen = chosen.plus(partition("a", i), "a");
    }
    shard.commit();
    var done = new ArrayList<Optional<Refused>>();

    shard.take(new DeleteOffsetsAsked(OneShard.GROUP, chosen.minus(A0), done::add));
    assertThat(done).isEmpty(); // it is not committed
    shard.commit();
    shard.commit();

    assertThat(done).containsExactly(Optional.empty());
    assertThat(shard.offsets()).containsOnlyKeys(A0);
  }

  @Test
  void deletesNoGroupThatHasMembersAndNoneThatThereIsNot() {
    assertThat(codeOf(delete())).isEqualTo(ErrorCode.GROUP_NOT_FOUND);

    var _ = shard.member(1).join("a");
    var done = delete();
    shard.commit();

    assertThat(codeOf(done)).isEqualTo(ErrorCode.GROUP_NOT_EMPTY);
  }

  private void commitOffset() {
    var _ = shard.commitOffset(A0, 4_711);
    shard.commit();
  }

  private void forget() {
    shard.take(new ForgetDue(OneShard.RETENTION));
    shard.passCommitting(Duration.ofMillis(500));
  }

  private List<Optional<Refused>> delete() {
    var done = new ArrayList<Optional<Refused>>();
    shard.take(new DeleteAsked(OneShard.GROUP, done::add));
    return done;
  }

  private List<String> groups() {
    var names = new ArrayList<String>();
    shard.take(
        new ShardInput.ImagesAsked(
            Optional.empty(),
            answer ->
                ((ShardInput.ImagesAnswer.Found) answer)
                    .groups()
                    .forEach(group -> names.add(group.group()))));
    shard.commit();
    return names;
  }

  private static ErrorCode codeOf(List<Optional<Refused>> done) {
    return done.getFirst().orElseThrow().code();
  }
}
