package dev.naru.client.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.fake.FakeCluster;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RebalancingTest {

  private final FakeCluster cluster = FakeCluster.of(3);
  private final NaruClient naru =
      NaruClient.builder()
          .bootstrapServers(cluster.addresses())
          .requestTimeout(Duration.ofSeconds(10))
          .build();
  private final Rebalancing rebalancing = naru.admin().rebalancing();

  @AfterEach
  void close() {
    naru.close();
    cluster.close();
  }

  @Test
  void aPlanOfTenThousandPartitionsWithLongNamesIsReadAndCarriedOut() {
    var plan = rebalancing.plan(RebalanceAim.BYTES, List.of(), Rebalancing.PARTITIONS_MAX).join();

    assertThat(plan.changes()).hasSize(Rebalancing.PARTITIONS_MAX);
    var begun = rebalancing.apply(plan, OptionalLong.empty()).join();
    assertThat(begun.total()).isEqualTo(Rebalancing.PARTITIONS_MAX);
  }

  /** Another node might not know yet what has changed since, and take it. */
  @Test
  void aPlanThatIsOutOfDateIsOfferedToNoOtherNode() {
    var old = new RebalancePlan(RebalanceAim.BYTES, 7, List.of(), List.of(), List.of(), false);

    assertThatThrownBy(() -> rebalancing.apply(old, OptionalLong.empty()).join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            NaruException.class,
            why -> assertThat(why.code()).isEqualTo(ErrorCode.PARTITION_EPOCH_MISMATCH));
    assertThat(cluster.calls()).containsOnlyOnce("Reassign");
  }
}
