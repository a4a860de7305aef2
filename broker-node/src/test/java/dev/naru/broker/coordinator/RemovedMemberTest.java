package dev.naru.broker.coordinator;

import static dev.naru.broker.coordinator.OneShard.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.coordinator.ShardInput.RemoveAsked;
import dev.naru.broker.coordinator.ShardInput.Which;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Members that an operator takes out. */
class RemovedMemberTest {

  private final OneShard shard = new OneShard().topic("a", 2);

  @Test
  void givesItsPartitionsToOthersOnceThatIsCommitted() {
    var lost = shard.member(1).join("a");
    var other = shard.member(2).join("a");
    shard.share();
    lost.hold();
    other.hold();

    var done = remove(new Which.ById(lost.id()));
    assertThat(done).as("it is not committed yet").isEmpty();
    shard.commit();

    assertThat(done).containsExactly(Optional.empty());
    assertThat(lost.refused()).contains(ErrorCode.FENCED_MEMBER);
    assertThat(other.partitions()).containsExactly(partition("a", 0), partition("a", 1));
    assertThat(shard.notices()).contains("gone asked", "rebalanced asked 1");
  }

  @Test
  void findsAStaticMemberThatIsAway() {
    var member = shard.member(1).named("one").join("a");
    shard.share();
    member.leave(true);
    shard.commit();

    var done = remove(new Which.ByInstance("one"));
    shard.commit();

    assertThat(done).containsExactly(Optional.empty());
    assertThat(remaining()).isZero();
  }

  @Test
  void lastOneOutLeavesTheGroupEmpty() {
    var member = shard.member(1).join("a");
    shard.share();

    var _ = remove(new Which.ById(member.id()));
    shard.commit();
    var again = remove(new Which.ById(member.id()));
    shard.commit();

    assertThat(codes(again)).containsExactly(ErrorCode.FENCED_MEMBER);
    assertThat(remaining()).isZero();
  }

  @Test
  void saysWhatIsNotThere() {
    var nobody = remove(new Which.ByInstance("one"));
    shard.commit();
    assertThat(codes(nobody)).containsExactly(ErrorCode.GROUP_NOT_FOUND);

    var _ = shard.member(1).join("a");
    shard.share();
    var other = remove(new Which.ByInstance("one"));
    shard.commit();
    assertThat(codes(other)).containsExactly(ErrorCode.FENCED_MEMBER);
  }

  private List<Optional<Refused>> remove(Which which) {
    var answers = new ArrayList<Optional<Refused>>();
    shard.take(new RemoveAsked(OneShard.GROUP, which, answers::add));
    return answers;
  }

  private static List<ErrorCode> codes(List<Optional<Refused>> answers) {
    return answers.stream().map(answer -> answer.orElseThrow().code()).toList();
  }

  private int remaining() {
    var counts = new ArrayList<Integer>();
    shard.take(
        new ShardInput.ImagesAsked(
            Optional.of(OneShard.GROUP),
            answer ->
                counts.add(
                    ((ShardInput.ImagesAnswer.Found) answer)
                        .groups().stream().mapToInt(group -> group.members().size()).sum())));
    shard.commit();
    return counts.getFirst();
  }
}
