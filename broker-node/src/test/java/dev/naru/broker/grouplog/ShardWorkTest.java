package dev.naru.broker.grouplog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.coordinator.GroupChange;
import dev.naru.broker.coordinator.GroupLogFormat;
import dev.naru.broker.coordinator.ShardInput.PageRead;
import dev.naru.broker.coordinator.ShardInput.PageUnreadable;
import dev.naru.broker.partition.PartitionAddress;
import dev.naru.broker.partition.PartitionInput;
import dev.naru.broker.partition.PartitionInput.TenantTold;
import dev.naru.broker.partition.PartitionView;
import dev.naru.broker.partition.TenantInput;
import dev.naru.broker.partition.TenantLog;
import dev.naru.log.LogFixture;
import dev.naru.log.LogView;
import dev.naru.log.PartitionLog;
import dev.naru.log.disk.Damage;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.record.BatchBytes;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What comes back of what is done beside the loop, and that something does. */
class ShardWorkTest {

  private final List<PartitionInput> told = new ArrayList<>();
  private final List<RuntimeException> faults = new ArrayList<>();

  @Test
  void bringsWhatItHasRead() {
    read(Optional::empty);

    assertThat(answers()).containsExactly(new PageRead(0, 3, List.of()));
    assertThat(faults).isEmpty();
  }

  @Test
  void saysSoWhenAFaultOfNaruKeepsItFromReading() {
    read(() -> {
      throw new IllegalStateException("a bug");
    });

    assertThat(answers())
        .containsExactly(new PageUnreadable(new Refused(ErrorCode.INTERNAL, "a bug")));
    assertThat(faults).hasSize(1);
  }

  @Test
  void leavesALogThatIsDamagedToWhoEndsTheLeadership() {
    read(() -> {
      throw new LogDamagedException(new Damage(LogFixture.partition(0), 0, 0, "torn"));
    });

    assertThat(answers()).isEmpty();
    assertThat(faults).hasSize(1);
  }

  private List<TenantInput> answers() {
    return told.stream().map(input -> ((TenantTold) input).input()).toList();
  }

  /** A log of three records, each of which decodes to this. */
  private void read(Supplier<Optional<GroupChange>> decoded) {
    try (var store = LogFixture.open(LogFixture.formatted())) {
      var log = store.create(LogFixture.partition(0), LogFixture.SMALL);
      LogFixture.append(log, 3, 1);
      var work =
          new ShardWork(
              Runnable::run,
              Runnable::run,
              new OneAnswer(decoded),
              (partition, fault) -> {
                faults.add(fault);
                return new Refused(ErrorCode.INTERNAL, String.valueOf(fault.getMessage()));
              });
      work.route(partition -> Optional.of(new Address()));
      work.read(new Led(log), 0);
    }
  }

  private record OneAnswer(Supplier<Optional<GroupChange>> decoded) implements GroupLogFormat {

    @Override
    public Entry encode(GroupChange change) {
      throw new AssertionError("Expected only to be read, but was written");
    }

    @Override
    public Entry barrier() {
      throw new AssertionError("Expected only to be read, but was written");
    }

    @Override
    public Optional<GroupChange> decode(Entry entry) {
      return decoded.get();
    }
  }

  private final class Address implements PartitionAddress {

    @Override
    public Optional<PartitionView> view() {
      return Optional.empty();
    }

    @Override
    public void tell(PartitionInput input) {
      told.add(input);
    }
  }

  private record Led(PartitionLog log) implements TenantLog {

    @Override
    public PartitionId id() {
      return log.view().id();
    }

    @Override
    public LeaderEpoch epoch() {
      return new LeaderEpoch(2);
    }

    @Override
    public long epochStart() {
      return log.view().end();
    }

    @Override
    public Optional<Refused> append(BatchBytes batch) {
      throw new AssertionError("Expected only to be read, but was written");
    }

    @Override
    public long start() {
      return log.view().start();
    }

    @Override
    public long end() {
      return log.view().end();
    }

    @Override
    public LogView view() {
      return log.view();
    }
  }
}
