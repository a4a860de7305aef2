package dev.naru.broker.coordinator;

import static dev.naru.broker.coordinator.OneShard.partition;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.coordinator.ShardInput.CommitAnswer;
import dev.naru.broker.coordinator.ShardInput.OffsetsAnswer;
import dev.naru.broker.coordinator.ShardInput.PageRead;
import dev.naru.record.BatchBuilder;
import dev.naru.record.BatchBytes;
import dev.naru.record.Compression;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A coordinator that takes over what another one wrote. */
class LoadingShardTest {

  private static final PartitionId A0 = partition("a", 0);

  private final OneShard before = new OneShard().topic("a", 2);
  private final FakeMember member = before.member(1).join("a");
  private final OneShard after = after();

  private OneShard after() {
    before.share();
    member.hold();
    var _ = before.commitOffset(member, member.assignment().epoch(), A0, 4_711);
    before.commit();
    return new OneShard(new FakeTenantLog(before.log().batches())).topic("a", 2);
  }

  @Test
  void saysThatItIsLoadingAndNeverThatThereIsNothing() {
    after.commit(); // all is committed, and not read yet

    assertIsLoading();

    after.doWork();

    assertThat(requireNonNull(after.offsets().get(A0)).offset()).isEqualTo(4_711);
  }

  @Test
  void servesNothingThatIsNotKnownToBeCommitted() {
    after.doWork();

    assertIsLoading();

    after.commit(after.log().epochStart() - 1);

    assertIsLoading();

    after.commit(after.log().epochStart());

    assertThat(after.shard().isServing()).isTrue();
  }

  private void assertIsLoading() {
    var read = after.askOffsets();
    var kept = after.commitOffset(member, 1, A0, 1);
    var joining = after.member(2).join("a");

    assertThat(joining.refused()).contains(ErrorCode.COORDINATOR_LOADING);
    assertThat(read)
        .first()
        .isInstanceOfSatisfying(
            OffsetsAnswer.Unknown.class,
            unknown -> assertThat(unknown.why().code()).isEqualTo(ErrorCode.COORDINATOR_LOADING));
    assertThat(kept)
        .first()
        .isInstanceOfSatisfying(
            CommitAnswer.NotKept.class,
            not -> assertThat(not.why().code()).isEqualTo(ErrorCode.COORDINATOR_LOADING));
  }

  @Test
  void goesOnWhereTheOtherOneStopped() {
    serve();

    var again = after.member(1).join(member.assignment().epoch(), member.partitions(), "a");
    after.share();

    assertThat(again.assignment().epoch()).isEqualTo(member.assignment().epoch());
    assertThat(again.partitions()).isEqualTo(member.partitions());
    assertThat(again.grant(A0).committed().orElseThrow().offset()).isEqualTo(4_711);
  }

  @Test
  void givesEveryMemberASessionAndAGrace() {
    serve();

    after.passCommitting(FakeMember.SESSION.plus(OneShard.GRACE).minusMillis(200));

    assertThat(after.notices()).noneMatch(notice -> notice.startsWith("gone"));

    after.passCommitting(Duration.ofMillis(400));

    assertThat(after.notices()).contains("gone session_timeout");
  }

  @Test
  void readsAPageOnceMoreWhenTheLogHasChangedUnderTheReader() {
    after.work.clear();
    after.take(new PageRead(0, 0, List.of()));

    assertThat(after.work).isEmpty();

    after.tick(Duration.ofMillis(100));
    serve();

    assertThat(after.shard().isServing()).isTrue();
  }

  @Test
  void servesNothingWhenTheLogHoldsWhatItDoesNotKnow() {
    var builder = new BatchBuilder(1_000);
    builder.append(1, new byte[] {8, 77}, new byte[0], List.of()); // a key of kind 77
    var batches = new ArrayList<BatchBytes>(before.log().batches());
    batches.add(builder.build(Compression.NONE));
    var unreadable = new OneShard(new FakeTenantLog(batches));
    unreadable.doWork();
    unreadable.commit();

    var read = unreadable.askOffsets();

    assertThat(unreadable.notices()).containsExactly("unreadable UNSUPPORTED_VERSION");
    assertThat(read)
        .first()
        .isInstanceOfSatisfying(
            OffsetsAnswer.Unknown.class,
            unknown ->
                assertThat(unknown.why().code()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE));
    assertThat(unreadable.shard().isAtRest()).isTrue();
  }

  @Test
  void restsWhenNobodyIsAMember() {
    var empty = new OneShard();
    empty.topic("a", 1);

    assertThat(empty.shard().isAtRest()).isTrue();

    empty.commitOffset(A0, 1);

    assertThat(empty.shard().isAtRest()).isFalse();

    empty.commit();

    assertThat(empty.shard().isAtRest()).isTrue();
  }

  private void serve() {
    after.doWork();
    after.commit();
  }
}
