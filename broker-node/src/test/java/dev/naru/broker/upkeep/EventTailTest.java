package dev.naru.broker.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.eventlog.ScribeInput;
import dev.naru.broker.eventlog.ScribeInput.News;
import dev.naru.broker.eventlog.ScribeInput.TailPutOff;
import dev.naru.broker.eventlog.ScribeInput.TailUnreadable;
import dev.naru.broker.partition.PartitionAddress;
import dev.naru.broker.partition.PartitionInput;
import dev.naru.broker.partition.PartitionInput.TenantTold;
import dev.naru.broker.partition.PartitionView;
import dev.naru.broker.partition.TenantLog;
import dev.naru.log.LogFixture;
import dev.naru.log.LogView;
import dev.naru.log.PartitionLog;
import dev.naru.record.BatchBytes;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the end of a log of events says comes into the mailbox of its partition. */
class EventTailTest {

  private static final LeaderEpoch EPOCH = new LeaderEpoch(3);
  private static final Refused FAULT = new Refused(ErrorCode.INTERNAL, "Expected no fault");

  private final Address address = new Address();
  private final List<Runnable> reads = new ArrayList<>();
  private final EventTail tail = new EventTail(reads::add, (_, _) -> FAULT);

  EventTailTest() {
    tail.route(_ -> Optional.of(address));
  }

  @Test
  void aLogThatWasCutMeanwhileIsAskedAgain() {
    try (var store = LogFixture.open(LogFixture.formatted())) {
      var log = store.create(LogFixture.partition(0), LogFixture.SMALL);
      LogFixture.append(log, 3, 3);
      LogFixture.append(log, 3, 3);

      tail.read(new Led(log));
      log.truncateTo(3, "a test");
      reads.forEach(Runnable::run);

      assertThat(address.told).containsExactly(told(new TailPutOff()));
    }
  }

  @Test
  void aRecordThatIsNoEventIsNamed() {
    try (var store = LogFixture.open(LogFixture.formatted())) {
      var log = store.create(LogFixture.partition(0), LogFixture.SMALL);
      LogFixture.append(log, 3, 3);

      tail.read(new Led(log));
      reads.forEach(Runnable::run);

      assertThat(address.told)
          .singleElement()
          .extracting(input -> ((TenantTold) input).input())
          .isInstanceOfSatisfying(
              TailUnreadable.class,
              unreadable -> {
                assertThat(unreadable.why().code()).isEqualTo(ErrorCode.CORRUPT_LOG);
                assertThat(unreadable.why().reason()).endsWith("but its key is key-2");
              });
    }
  }

  @Test
  void anotherTurnComesThroughTheMailbox() {
    try (var store = LogFixture.open(LogFixture.formatted())) {
      tail.another(new Led(store.create(LogFixture.partition(0), LogFixture.SMALL)));

      assertThat(address.told).containsExactly(told(new News()));
    }
  }

  private static TenantTold told(ScribeInput input) {
    return new TenantTold(EPOCH, input);
  }

  private static final class Address implements PartitionAddress {

    final List<PartitionInput> told = new ArrayList<>();

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
      return EPOCH;
    }

    @Override
    public long epochStart() {
      return 0;
    }

    @Override
    public Optional<Refused> append(BatchBytes batch) {
      throw new AssertionError("Expected to be read only");
    }

    @Override
    public long start() {
      return log.start();
    }

    @Override
    public long end() {
      return log.end();
    }

    @Override
    public LogView view() {
      return log.view();
    }
  }
}
