package dev.naru.broker.eventlog;

import dev.naru.broker.partition.TenantLog;
import dev.naru.metadata.chronicle.EventId;
import dev.naru.metadata.chronicle.Journal;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The outside world of a scribe.
 *
 * @param journal what this node can tell now
 * @param wallMillis for the times of records
 */
public record ScribePorts(
    Supplier<Journal> journal, Tail tail, Turns turns, Notices notices, LongSupplier wallMillis) {

  /** Reads the end of a log, which waits for a disk. Calls must not block. */
  @FunctionalInterface
  public interface Tail {

    /**
     * Comes back with {@link ScribeInput.TailRead}, {@link ScribeInput.TailPutOff} or {@link
     * ScribeInput.TailUnreadable}; a log that is damaged, or on a disk that has failed, ends the
     * leadership instead.
     */
    void read(TenantLog log);
  }

  /** Lets others have their turn. Calls must not block. */
  @FunctionalInterface
  public interface Turns {

    /** Comes back with {@link ScribeInput.News}, after what waits already. */
    void another(TenantLog log);
  }

  /** Told of what a person should know. */
  public interface Notices {

    /** Nothing is written any more under this leader. */
    void unreadable(PartitionId partition, Refused why);

    /** Nothing could be written for a minute, and it is tried again; once for each such minute. */
    void refused(PartitionId partition, Refused why);

    /** Of this event there is only a record that says which it is. */
    void unwritable(PartitionId partition, EventId event, RuntimeException fault);
  }
}
