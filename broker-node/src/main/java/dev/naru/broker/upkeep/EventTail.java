package dev.naru.broker.upkeep;

import dev.naru.broker.eventlog.EventJson;
import dev.naru.broker.eventlog.ScribeInput;
import dev.naru.broker.eventlog.ScribeInput.News;
import dev.naru.broker.eventlog.ScribeInput.TailPutOff;
import dev.naru.broker.eventlog.ScribeInput.TailRead;
import dev.naru.broker.eventlog.ScribeInput.TailUnreadable;
import dev.naru.broker.eventlog.ScribePorts;
import dev.naru.broker.partition.PartitionAddress;
import dev.naru.broker.partition.PartitionInput.TenantTold;
import dev.naru.broker.partition.TenantLog;
import dev.naru.broker.rpc.ReadFaults;
import dev.naru.log.LogView;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.disk.StorageException;
import dev.naru.metadata.machine.Printable;
import dev.naru.record.BatchBytes;
import dev.naru.record.BatchRefusedException;
import dev.naru.record.InflationLimit;
import dev.naru.record.RecordReader;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the last record of {@code __events}, and puts what it says into the partition's mailbox.
 */
public final class EventTail implements ScribePorts.Tail, ScribePorts.Turns {

  private static final int READ_BYTES = 64 << 10;

  private final Executor reads;
  private final ReadFaults faults;

  /** Set once, before the first partition has a role; read by the pool. */
  private volatile @Nullable Function<PartitionId, Optional<? extends PartitionAddress>> addresses;

  /**
   * Reads on these threads.
   *
   * @param faults told of a log that cannot be read
   */
  public EventTail(Executor reads, ReadFaults faults) {
    this.reads = reads;
    this.faults = faults;
  }

  /** From now on what was read is told to these partitions. */
  public void route(Function<PartitionId, Optional<? extends PartitionAddress>> partitions) {
    addresses = partitions;
  }

  @Override
  public void read(TenantLog log) {
    var view = log.view();
    var epoch = log.epoch();
    long end = log.end();
    try {
      reads.execute(() -> perform(view, epoch, end));
    } catch (RejectedExecutionException e) {
      tell(view.id(), epoch, new TailPutOff());
    }
  }

  @Override
  public void another(TenantLog log) {
    tell(log.id(), log.epoch(), new News());
  }

  /** Of a log that was cut meanwhile nothing is read: a newer view has to be asked. */
  private void perform(LogView view, LeaderEpoch epoch, long end) {
    try {
      var slice = view.read(end - 1, READ_BYTES, end);
      try {
        tell(
            view.id(),
            epoch,
            slice.isEmpty() ? new TailPutOff() : newestOf(view.id(), slice.batches()));
      } finally {
        slice.batches().release();
      }
    } catch (StorageException | LogDamagedException e) {
      var _ = faults.readFailed(view.id(), e); // which ends the leadership
    } catch (RuntimeException e) {
      tell(view.id(), epoch, new TailUnreadable(faults.readFailed(view.id(), e)));
    }
  }

  private static ScribeInput newestOf(PartitionId partition, BatchBytes batches) {
    Optional<ByteBuffer> key = Optional.empty();
    try {
      for (var batch : batches.batches()) {
        var reader = RecordReader.open(batch, InflationLimit.DEFAULT);
        while (reader.hasNext()) {
          key = reader.next().key();
        }
      }
    } catch (BatchRefusedException refused) {
      return new TailUnreadable(refused.refused());
    }
    var last = key;
    return last.flatMap(EventJson::idOf)
        .<ScribeInput>map(TailRead::new)
        .orElseGet(() -> new TailUnreadable(noEvent(partition, last)));
  }

  private static Refused noEvent(PartitionId partition, Optional<ByteBuffer> key) {
    return new Refused(
        ErrorCode.CORRUPT_LOG,
        "Expected the last record of %s to be named as an event is, but its key is %s"
            .formatted(
                partition,
                key.map(bytes -> Printable.of(StandardCharsets.UTF_8.decode(bytes).toString()))
                    .orElse("absent")));
  }

  private void tell(PartitionId partition, LeaderEpoch epoch, ScribeInput input) {
    var known = addresses;
    if (known != null) {
      known.apply(partition).ifPresent(address -> address.tell(new TenantTold(epoch, input)));
    }
  }
}
