package dev.naru.broker.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.partition.PartitionInput;
import dev.naru.broker.partition.PartitionInput.ReadDone;
import dev.naru.broker.replica.SubscriptionId;
import dev.naru.log.LogFixture;
import dev.naru.record.BatchBytes;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class LinkReadsTest {

  private static final SubscriptionId FOLLOWER =
      new SubscriptionId(new NodeId(2), new NodeEpoch(20), 1);

  private final List<PartitionInput> told = new ArrayList<>();

  @Test
  void handsInWhatItRead() {
    read(Runnable::run);

    assertThat(told)
        .singleElement()
        .isInstanceOfSatisfying(
            ReadDone.class, read -> assertThat(read.batches().header().lastOffset()).isEqualTo(2));
  }

  @Test
  void keepsTheSubscriptionWhenThereIsTooMuchToRead() { // or the follower would wait for ever
    read(read -> {
      throw new RejectedExecutionException("full");
    });

    assertThat(told).containsExactly(new ReadDone(FOLLOWER, 0, BatchBytes.EMPTY));
  }

  private void read(Executor pool) {
    var store = LogFixture.open(LogFixture.formatted());
    var log = store.create(LogFixture.partition(0), LogFixture.SMALL);
    LogFixture.append(log, 3, 1);
    new LinkReads(
            pool,
            new FollowerLinks(),
            (partition, fault) -> new Refused(ErrorCode.INTERNAL, String.valueOf(fault)))
        .submit((input, _) -> told.add(input), FOLLOWER, log.view(), 0, 1_000);
  }
}
