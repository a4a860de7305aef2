package dev.naru.broker.coordinator;

import dev.naru.broker.partition.TenantLog;
import dev.naru.log.LogView;
import dev.naru.record.BatchBytes;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A log in memory. What is committed, the test says. */
final class FakeTenantLog implements TenantLog {

  private final List<BatchBytes> batches = new ArrayList<>();
  private final long epochStart;
  private long end;
  private Optional<Refused> refusing = Optional.empty();

  FakeTenantLog() {
    this(List.of());
  }

  /** One in which others have written. */
  FakeTenantLog(List<BatchBytes> before) {
    before.forEach(this::add);
    epochStart = end;
  }

  /** From now on nothing is appended. */
  void refuse(Refused why) {
    refusing = Optional.of(why);
  }

  void takeAgain() {
    refusing = Optional.empty();
  }

  List<BatchBytes> batches() {
    return List.copyOf(batches);
  }

  private void add(BatchBytes batch) {
    batches.add(batch);
    end += batch.header().recordCount();
  }

  @Override
  public PartitionId id() {
    return new PartitionId(TopicId.of(9, 9), 3);
  }

  @Override
  public LeaderEpoch epoch() {
    return new LeaderEpoch(5);
  }

  @Override
  public long epochStart() {
    return epochStart;
  }

  @Override
  public Optional<Refused> append(BatchBytes batch) {
    if (refusing.isEmpty()) {
      add(batch);
    }
    return refusing;
  }

  @Override
  public long start() {
    return 0;
  }

  @Override
  public long end() {
    return end;
  }

  @Override
  public LogView view() {
    throw new AssertionError("Expected a shard to read through its port, but it looked itself");
  }
}
