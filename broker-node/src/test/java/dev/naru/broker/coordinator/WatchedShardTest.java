package dev.naru.broker.coordinator;

import static dev.naru.broker.coordinator.OneShard.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.coordinator.ShardInput.ImagesAnswer;
import dev.naru.broker.coordinator.ShardInput.WatchAsked;
import dev.naru.broker.group.GroupImage;
import dev.naru.types.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Somebody looks at all groups every few seconds. */
class WatchedShardTest {

  private final OneShard shard = new OneShard().topic("a", 2);

  @Test
  void isShownAtOnceAndWritesNothing() {
    commit(4_711);
    long end = shard.log().end();

    var seen = look();
    shard.commit();

    assertThat(offset(seen)).isEqualTo(4_711);
    assertThat(shard.log().end()).isEqualTo(end);
  }

  @Test
  void showsNothingThatIsNotCommitted() {
    commit(1);
    var _ = shard.commitOffset(partition("a", 0), 2);

    assertThat(offset(look())).isEqualTo(1);
  }

  /** Its groups may have another coordinator by now, which tells of them too. */
  @Test
  void showsFirstThatItLeadsWhereItDoesNotKnow() {
    commit(4_711);
    shard.isCurrent(false);

    var seen = look();
    assertThat(seen).isEmpty();
    shard.commit();

    assertThat(offset(seen)).isEqualTo(4_711);
  }

  @Test
  void showsNothingWhileItLoads() {
    var loading = new OneShard(new FakeTenantLog());
    var seen = new ArrayList<ImagesAnswer>();

    loading.take(new WatchAsked(seen::add));

    assertThat(seen)
        .singleElement()
        .isInstanceOfSatisfying(
            ImagesAnswer.Unknown.class,
            unknown -> assertThat(unknown.why().code()).isEqualTo(ErrorCode.COORDINATOR_LOADING));
  }

  private void commit(long offset) {
    var _ = shard.commitOffset(partition("a", 0), offset);
    shard.commit();
  }

  private List<ImagesAnswer> look() {
    var seen = new ArrayList<ImagesAnswer>();
    shard.take(new WatchAsked(seen::add));
    return seen;
  }

  private static long offset(List<ImagesAnswer> seen) {
    assertThat(seen).hasSize(1);
    List<GroupImage> groups = ((ImagesAnswer.Found) seen.getFirst()).groups();
    return groups.getFirst().committed(partition("a", 0)).orElseThrow().offset();
  }
}
