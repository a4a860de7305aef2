package dev.naru.broker.rpc;

import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.group.LagAnswer;
import dev.naru.broker.group.LagAnswer.Found;
import dev.naru.broker.group.LagPosition;
import dev.naru.broker.partition.PartitionRole;
import dev.naru.broker.partition.PartitionView;
import dev.naru.log.LogFixture;
import dev.naru.log.PartitionLog;
import dev.naru.log.store.LogStore;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Ten records in epoch 1, a second apart, then ten in epoch 3; all but the last are committed. */
class LagMeterTest {

  private static final PartitionId ORDERS = partition(0);

  private final LogStore store = LogFixture.open(LogFixture.formatted());
  private final PartitionLog log = store.create(ORDERS, LogFixture.SMALL);
  private final TreeMap<PartitionId, PartitionView> views = new TreeMap<>();
  private final List<String> faults = new ArrayList<>();
  private Executor reads = Runnable::run;

  LagMeterTest() {
    append(1, 0);
    append(3, 10);
    views.put(ORDERS, view(PartitionRole.LEADER, 3, 19, 10));
  }

  private void append(int epoch, int from) {
    for (int i = from; i < from + 10; i++) {
      log.appendAsLeader(
          LogFixture.batch(1, 10, NOW_MILLIS + 1_000L * i), new LeaderEpoch(epoch), NOW_MILLIS);
    }
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void tellsBeginEndAndTheAgeOfWhatIsBehind() {
    assertThat(measure(at(7)))
        .containsExactly(
            new Found(19, 0, OptionalLong.empty(), OptionalLong.of(NOW_MILLIS + 7_000)));
  }

  @Test
  void readsNothingWhereNothingIsBehind() {
    reads =
        reading -> {
          throw new AssertionError("Expected no read");
        };

    assertThat(measure(at(19), at(25)))
        .containsOnly(new Found(19, 0, OptionalLong.empty(), OptionalLong.empty()));
  }

  @Test
  void answersEachPositionInItsPlace() {
    var positions =
        IntStream.range(0, 200)
            .mapToObj(i -> i % 3 == 0 ? at(i % 19) : new LagPosition(partition(9), i, epoch(0)))
            .toArray(LagPosition[]::new);

    var answers = measure(positions);

    assertThat(answers).hasSize(200);
    for (int i = 0; i < 200; i++) {
      assertThat(answers.get(i))
          .isEqualTo(
              i % 3 == 0
                  ? new Found(
                      19, 0, OptionalLong.empty(), OptionalLong.of(NOW_MILLIS + 1_000L * (i % 19)))
                  : new LagAnswer.Unknown(ErrorCode.NOT_LEADER));
    }
  }

  /** The first has read what the leader of epoch 1 alone had, 10 and 11, before it lost them. */
  @Test
  void tellsWhereHistoriesPart() {
    assertThat(measure(new LagPosition(ORDERS, 12, epoch(1))))
        .containsExactly(
            new Found(19, 0, OptionalLong.of(10), OptionalLong.of(NOW_MILLIS + 10_000)));
    assertThat(measure(new LagPosition(ORDERS, 12, epoch(3))))
        .containsExactly(
            new Found(19, 0, OptionalLong.empty(), OptionalLong.of(NOW_MILLIS + 12_000)));
    assertThat(measure(new LagPosition(ORDERS, 5, epoch(1))))
        .containsExactly(
            new Found(19, 0, OptionalLong.empty(), OptionalLong.of(NOW_MILLIS + 5_000)));
  }

  @Test
  void saysNothingUnlessItKnows() {
    assertThat(measure(new LagPosition(ORDERS, 12, epoch(4))))
        .as("somebody else leads by now")
        .containsExactly(new LagAnswer.Unknown(ErrorCode.UNKNOWN_LEADER_EPOCH));
    views.put(ORDERS, view(PartitionRole.LEADER, 3, 9, 10));
    assertThat(measure(at(7)))
        .as("the end is not known yet")
        .containsExactly(new LagAnswer.Unknown(ErrorCode.OFFSET_NOT_AVAILABLE));
    views.put(ORDERS, view(PartitionRole.FOLLOWER, 3, 19, 10));
    assertThat(measure(at(7))).containsExactly(new LagAnswer.Unknown(ErrorCode.NOT_LEADER));
    views.clear();
    assertThat(measure(at(7))).containsExactly(new LagAnswer.Unknown(ErrorCode.NOT_LEADER));
  }

  @Test
  void knowsNoAgeWhereThereIsNoRoomToRead() {
    reads =
        reading -> {
          throw new RejectedExecutionException();
        };

    assertThat(measure(at(7)))
        .containsExactly(new Found(19, 0, OptionalLong.empty(), OptionalLong.empty()));
  }

  private List<LagAnswer> measure(LagPosition... positions) {
    var meter =
        new LagMeter(
            partition -> Optional.ofNullable(views.get(partition)),
            reading -> reads.execute(reading),
            (partition, fault) -> {
              faults.add(fault.toString());
              return new Refused(ErrorCode.STORAGE_FAILED, "");
            });
    var answers = meter.measure(Arrays.asList(positions)).join();
    assertThat(faults).isEmpty();
    return answers;
  }

  private static LagPosition at(long offset) {
    return new LagPosition(ORDERS, offset, Optional.empty());
  }

  private static Optional<LeaderEpoch> epoch(int epoch) {
    return Optional.of(new LeaderEpoch(epoch));
  }

  private PartitionView view(PartitionRole role, int epoch, long highWatermark, long epochStart) {
    return new PartitionView(
        ORDERS,
        role,
        new LeaderEpoch(epoch),
        Optional.empty(),
        highWatermark,
        epochStart,
        false,
        true,
        log.view(),
        0);
  }
}
