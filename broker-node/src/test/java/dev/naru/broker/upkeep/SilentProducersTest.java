package dev.naru.broker.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.config.ProducersConfig;
import dev.naru.broker.partition.PartitionAddress;
import dev.naru.broker.partition.PartitionInput;
import dev.naru.broker.partition.PartitionInput.ProducersAged;
import dev.naru.broker.partition.PartitionRole;
import dev.naru.broker.partition.PartitionView;
import dev.naru.broker.runtime.Clocks;
import dev.naru.log.LogFixture;
import dev.naru.log.LogView;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who is told that time has passed for producers, and how often. */
class SilentProducersTest {

  @Test
  void wakesOnlyPartitionsThatKnowProducers() {
    try (var store = LogFixture.open(LogFixture.formatted())) {
      var log = store.create(LogFixture.partition(0), LogFixture.SMALL).view();
      var leads = new Address(view(log, PartitionRole.LEADER, 3));
      var follows = new Address(view(log, PartitionRole.FOLLOWER, 1));
      var knowsNobody = new Address(view(log, PartitionRole.LEADER, 0));
      var upkeep =
          new LogUpkeep(
              () -> List.of(leads, follows, knowsNobody),
              store,
              Clocks.SYSTEM,
              PartitionId::toString,
              (_, _) -> {});

      upkeep.age(6);

      assertThat(leads.told).containsExactly(new ProducersAged(6));
      assertThat(follows.told).containsExactly(new ProducersAged(6));
      assertThat(knowsNobody.told).isEmpty();
    }
  }

  @Test
  void forgetsNobodyBeforeItsTime() {
    assertThat(ProducersConfig.DEFAULTS.erasMax()).isEqualTo(144);
    assertThat(new ProducersConfig(Duration.ofMinutes(61)).erasMax()).isEqualTo(7);
    assertThat(new ProducersConfig(Duration.ofHours(1)).stateKept())
        .isLessThan(Duration.ofHours(1))
        .isGreaterThan(Duration.ofMinutes(2));
  }

  private static PartitionView view(LogView log, PartitionRole role, int producers) {
    return new PartitionView(
        log.id(), role, LeaderEpoch.ZERO, Optional.empty(), 0, 0, false, true, log, producers);
  }

  private static final class Address implements PartitionAddress {

    final List<PartitionInput> told = new ArrayList<>();
    private final PartitionView view;

    Address(PartitionView view) {
      this.view = view;
    }

    @Override
    public Optional<PartitionView> view() {
      return Optional.of(view);
    }

    @Override
    public void tell(PartitionInput input) {
      told.add(input);
    }
  }
}
