package dev.naru.simulation.planted;

import dev.naru.broker.coordinator.GroupChange;
import dev.naru.broker.coordinator.GroupLogFormat;
import dev.naru.broker.group.GroupEvent.HoldingsGone;
import dev.naru.broker.group.GroupEvent.WishesGone;
import dev.naru.broker.partition.Tenant;
import dev.naru.broker.partition.TenantInput;
import dev.naru.broker.partition.TenantLog;
import dev.naru.log.LogView;
import dev.naru.record.BatchBytes;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.Optional;
import java.util.OptionalLong;

/** Coordinators that are told something else than is so. */
final class WrongShards {

  private WrongShards() {}

  /** There is nothing that others wrote. */
  record FromItsStart(TenantLog log) implements TenantLog {

    @Override
    public long epochStart() {
      return log.start();
    }

    @Override
    public PartitionId id() {
      return log.id();
    }

    @Override
    public LeaderEpoch epoch() {
      return log.epoch();
    }

    @Override
    public Optional<Refused> append(BatchBytes batch) {
      return log.append(batch);
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

  /** A coordinator that is told what happens. */
  static class Told implements Tenant {

    private final Tenant shard;

    Told(Tenant shard) {
      this.shard = shard;
    }

    @Override
    public void take(TenantInput input) {
      shard.take(input);
    }

    @Override
    public void committed(long highWatermark) {
      shard.committed(highWatermark);
    }

    @Override
    public void tick(long nowNanos) {
      shard.tick(nowNanos);
    }

    @Override
    public void settle() {
      shard.settle();
    }

    @Override
    public boolean isAtRest() {
      return shard.isAtRest();
    }

    @Override
    public void resign(Refused why) {
      shard.resign(why);
    }
  }

  /** All that is written is committed. */
  static final class Hasty extends Told {

    private final TenantLog log;

    Hasty(Tenant shard, TenantLog log) {
      super(shard);
      this.log = log;
    }

    @Override
    public void take(TenantInput input) {
      super.take(input);
      committed(log.end());
    }
  }

  /** An hour takes forty minutes. */
  static final class Fast extends Told {

    private OptionalLong firstNanos = OptionalLong.empty();

    Fast(Tenant shard) {
      super(shard);
    }

    @Override
    public void tick(long nowNanos) {
      if (firstNanos.isEmpty()) {
        firstNanos = OptionalLong.of(nowNanos);
      }
      super.tick(nowNanos + (nowNanos - firstNanos.getAsLong()) / 2);
    }
  }

  /** Nothing is written of a member that is gone. */
  record WithoutDeletions(GroupLogFormat format) implements GroupLogFormat {

    @Override
    public Entry encode(GroupChange change) {
      boolean isDeletion =
          change.event() instanceof WishesGone || change.event() instanceof HoldingsGone;
      return isDeletion ? format.barrier() : format.encode(change);
    }

    @Override
    public Entry barrier() {
      return format.barrier();
    }

    @Override
    public Optional<GroupChange> decode(Entry entry) {
      return format.decode(entry);
    }
  }
}
