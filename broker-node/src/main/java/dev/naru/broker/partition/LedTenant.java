package dev.naru.broker.partition;

import dev.naru.broker.partition.PartitionInput.TenantAsked;
import dev.naru.broker.partition.PartitionInput.TenantTold;
import dev.naru.broker.replica.Acks;
import dev.naru.broker.replica.ProduceAsked;
import dev.naru.broker.replica.ProduceKey;
import dev.naru.log.LogView;
import dev.naru.record.BatchBytes;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The {@link Tenant} of a partition that this node leads, if the partition has one, and the log as
 * the tenant sees it. Its batches go the way of a client's, under a key that no client has; nobody
 * waits for them but the tenant, which hears how far the log is committed.
 */
final class LedTenant implements TenantLog {

  /** Streams of clients are numbered from one on. */
  private static final ProduceKey KEY = new ProduceKey(-1, 0, 0);

  private final HeldPartition held;
  private final LeaderEpoch epoch;
  private final long epochStart;
  private final Consumer<ProduceAsked> produce;
  private Optional<Tenant> tenant = Optional.empty();
  private Optional<Refused> refusal = Optional.empty();

  /**
   * Not begun yet.
   *
   * @param produce takes a batch like a client's; why it was not appended comes back through {@link
   *     #refuse}, within the call
   */
  LedTenant(
      HeldPartition held, LeaderEpoch epoch, long epochStart, Consumer<ProduceAsked> produce) {
    this.held = held;
    this.epoch = epoch;
    this.epochStart = epochStart;
    this.produce = produce;
  }

  /** Whether this is what the tenant itself asked for. */
  static boolean isOwn(ProduceAsked asked) {
    return asked.key().equals(KEY);
  }

  void begin() {
    tenant = held.tenancy().map(tenancy -> tenancy.begin(this, held.nowNanos()));
    committed(held.highWatermark());
  }

  private void noteBehind() {
    held.noteBehind(tenant.isPresent() && tenant.get().isBehind());
  }

  void end(Refused why) {
    var ended = tenant;
    tenant = Optional.empty();
    ended.ifPresent(known -> known.resign(why));
  }

  void asked(TenantAsked asked) {
    if (tenant.isPresent()) {
      tenant.get().take(asked.input());
    } else {
      asked
          .refused()
          .accept(
              new Refused(
                  ErrorCode.NOT_LEADER,
                  "Expected a partition of a topic of Naru's own, but " + id() + " is none"));
    }
  }

  /** What an earlier tenant waited for is nobody's any more. */
  void told(TenantTold told) {
    if (told.epoch().equals(epoch)) {
      tenant.ifPresent(known -> known.take(told.input()));
      noteBehind();
    }
  }

  void committed(long highWatermark) {
    tenant.ifPresent(known -> known.committed(highWatermark));
    noteBehind();
  }

  void tick(long nowNanos) {
    tenant.ifPresent(known -> known.tick(nowNanos));
  }

  void settle() {
    tenant.ifPresent(Tenant::settle);
    noteBehind();
  }

  boolean isAtRest() {
    return tenant.isEmpty() || tenant.get().isAtRest();
  }

  // ---- the log

  @Override
  public PartitionId id() {
    return held.id();
  }

  @Override
  public LeaderEpoch epoch() {
    return epoch;
  }

  @Override
  public long epochStart() {
    return epochStart;
  }

  @Override
  public Optional<Refused> append(BatchBytes batch) {
    refusal = Optional.empty();
    produce.accept(
        new ProduceAsked(
            KEY,
            Acks.ALL,
            Optional.of(epoch),
            batch,
            batch.header().maxTimestamp(), // the tenant has just stamped it
            Long.MAX_VALUE)); // never looked at: the tenant has deadlines of its own
    return refusal;
  }

  /** What the tenant has just asked for is not appended. */
  void refuse(Refused why) {
    refusal = Optional.of(why);
  }

  @Override
  public long start() {
    return held.log().start();
  }

  @Override
  public long end() {
    return held.log().end();
  }

  @Override
  public LogView view() {
    return held.log().view();
  }
}
