package dev.naru.broker.eventlog;

import dev.naru.broker.partition.Tenant;
import dev.naru.broker.partition.TenantInput;
import dev.naru.broker.partition.TenantLog;
import dev.naru.metadata.chronicle.ClusterEvent;
import dev.naru.metadata.chronicle.ClusterEventCode;
import dev.naru.metadata.chronicle.EventCause;
import dev.naru.metadata.chronicle.EventField;
import dev.naru.metadata.chronicle.EventId;
import dev.naru.metadata.chronicle.EventSubject;
import dev.naru.metadata.chronicle.Journal;
import dev.naru.record.BatchBuilder;
import dev.naru.record.Compression;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Writes events into {@code __events}, as long as this node leads it: each once and in order. Every
 * node has the same events under the same ids, so a new leader looks at the last one that is in its
 * log and goes on after that. What its predecessor wrote and nobody else got is not in its log, and
 * is written again: into a log from which that was cut.
 *
 * <p>Where a node does not know what comes next, because it started from a snapshot after that, it
 * writes that events are missing, and from where on they are there again.
 */
public final class EventScribe implements Tenant {

  /** Far more than any event takes. */
  private static final int BATCH_BYTES_MAX = 256 << 10;

  /** Events looked at for one batch. */
  private static final int EVENTS_MAX = 500;

  /**
   * Records that wait for followers: a restart of a node with 1,000 partitions is some thousands.
   */
  private static final long UNCOMMITTED_MAX = 5_000;

  private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();

  private final TenantLog log;
  private final ScribePorts ports;
  private final BatchBuilder builder = new BatchBuilder(BATCH_BYTES_MAX);

  /** The newest event in the log; empty until that is read. */
  private Optional<EventId> last = Optional.empty();

  private boolean isReading;
  private boolean isBroken;

  /** There may be more to write than there was when it looked. */
  private boolean isNews = true;

  private long highWatermark;
  private long nowNanos;

  /** Not before this, after a batch was refused. */
  private Optional<Long> retryNanos = Optional.empty();

  private EventScribe(TenantLog log, ScribePorts ports, long nowNanos) {
    this.log = log;
    this.ports = ports;
    this.nowNanos = nowNanos;
  }

  /** Begins, by looking where the one before it ended. */
  public static EventScribe begin(TenantLog log, ScribePorts ports, long nowNanos) {
    var scribe = new EventScribe(log, ports, nowNanos);
    if (log.start() == log.end()) {
      scribe.last = Optional.of(EventId.NONE);
    } else {
      scribe.read();
    }
    return scribe;
  }

  private void read() {
    isReading = true;
    ports.tail().read(log);
  }

  @Override
  public void take(TenantInput input) {
    if (!(input instanceof ScribeInput told)) {
      return;
    }
    switch (told) {
      case ScribeInput.News() -> isNews = true;
      case ScribeInput.TailRead(var newest) -> {
        isReading = false;
        last = Optional.of(newest);
      }
      case ScribeInput.TailPutOff() -> isReading = false; // asked for again with the next tick
      case ScribeInput.TailUnreadable(var why) -> {
        isReading = false;
        isBroken = true;
        ports.notices().unreadable(log.id(), why);
      }
    }
  }

  @Override
  public void committed(long reached) {
    highWatermark = Math.max(highWatermark, reached);
  }

  @Override
  public void tick(long now) {
    nowNanos = now;
    if (last.isEmpty() && !isReading && !isBroken) {
      read();
    }
    write();
  }

  @Override
  public void settle() {
    write();
  }

  @Override
  public boolean isAtRest() {
    return isBroken || (last.isPresent() && !isNews);
  }

  @Override
  public void resign(Refused why) {
    isBroken = true; // nobody waits for an answer
  }

  // ---- what is written

  private void write() {
    boolean mayTry = retryNanos.filter(at -> nowNanos - at < 0).isEmpty();
    while (isNews && mayTry && !isBroken && last.isPresent() && hasRoom()) {
      var events = next(last.get());
      if (events.isEmpty()) {
        isNews = false;
        return;
      }
      var written = fill(events);
      var refused = log.append(builder.build(Compression.NONE));
      mayTry = refused.isEmpty();
      retryNanos = mayTry ? Optional.empty() : Optional.of(nowNanos + RETRY_NANOS);
      if (mayTry) {
        last = Optional.of(written);
      }
    }
  }

  private boolean hasRoom() {
    return log.end() - Math.max(highWatermark, log.start()) < UNCOMMITTED_MAX;
  }

  /** What follows this event, or that it is not known. */
  private List<ClusterEvent> next(EventId after) {
    var journal = ports.journal().get();
    return journal.knowsAllAfter(after)
        ? journal.after(after, event -> true, EVENTS_MAX).events()
        : List.of(missing(journal, after));
  }

  private ClusterEvent missing(Journal journal, EventId after) {
    return new ClusterEvent(
        journal.floor(),
        ports.wallMillis().getAsLong(),
        ClusterEventCode.EVENTS_MISSING,
        new EventSubject.OfCluster(),
        EventCause.JOURNAL_BEGINS_LATER,
        "",
        List.of(new EventField("after", after), new EventField("until", journal.floor())));
  }

  /** Puts as many into one batch as fit; returns the last of them. */
  private EventId fill(List<ClusterEvent> events) {
    long now = Math.max(0, ports.wallMillis().getAsLong());
    var newest = EventId.NONE;
    for (var event : events) {
      byte[] key = EventJson.key(event.id());
      byte[] value = EventJson.value(event);
      if (!builder.isEmpty() && !builder.hasRoomFor(key.length, value.length, List.of())) {
        return newest;
      }
      builder.append(now, key, value, List.of());
      newest = event.id();
    }
    return newest;
  }
}
