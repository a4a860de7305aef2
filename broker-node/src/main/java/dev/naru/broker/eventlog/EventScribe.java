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
import dev.naru.metadata.machine.InternalTopics;
import dev.naru.record.BatchBuilder;
import dev.naru.record.Compression;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Writes events into {@code __events}, as long as this node leads it: each once and in order. Every
 * node has the same events under the same ids, so a new leader looks at the last one that is in its
 * log and goes on after that. What its predecessor wrote and nobody else got is not in its log, and
 * is written again: into a log from which that was cut.
 *
 * <p>Where a node does not know what comes next, because it started from a snapshot after that, it
 * writes that events are missing, and from where on they are there again.
 *
 * <p>It writes one batch a turn: after a failover there are thousands of events, and its loop owns
 * other partitions, whose producers wait.
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

  /** How long batches are refused before that is told, and from then on how often. */
  private static final long REFUSED_NANOS = Duration.ofMinutes(1).toNanos();

  private final TenantLog log;
  private final ScribePorts ports;
  private final BatchBuilder builder = new BatchBuilder(BATCH_BYTES_MAX);

  /** The newest event in the log; empty until that is read. */
  private Optional<EventId> last = Optional.empty();

  private boolean isReading;
  private boolean isBroken;

  /** There may be more to write than there was when it looked. */
  private boolean isNews = true;

  /** Where the log ended when all was written for the first time. */
  private OptionalLong caughtUpEnd = OptionalLong.empty();

  private long highWatermark;
  private long nowNanos;

  /** Not before this, after a batch was refused. */
  private Optional<Long> retryNanos = Optional.empty();

  /** Since when batches are refused, or when that was told last. */
  private Optional<Long> refusedNanos = Optional.empty();

  private EventScribe(TenantLog log, ScribePorts ports, long nowNanos) {
    this.log = log;
    this.ports = ports;
    this.nowNanos = nowNanos;
  }

  /** Begins, by looking where the one before it ended. */
  public static EventScribe begin(TenantLog log, ScribePorts ports, long nowNanos) {
    var scribe = new EventScribe(log, ports, nowNanos);
    scribe.look();
    return scribe;
  }

  /** For the newest event in the log: only one in which nothing was ever written is a new one. */
  private void look() {
    if (log.end() == 0) {
      last = Optional.of(EventId.NONE);
    } else if (log.start() == log.end()) {
      last = Optional.of(newestOutlived());
    } else {
      isReading = true;
      ports.tail().read(log);
    }
  }

  /**
   * The newest event that a log lost to its age. A record is never older than its event, so what
   * happened within the retention time and is not there was not written yet. Where nothing older is
   * known it is not known either what was written, and that is what will be.
   */
  private EventId newestOutlived() {
    var journal = ports.journal().get();
    long oldest = ports.wallMillis().getAsLong() - InternalTopics.EVENTS_RETENTION.toMillis();
    return journal
        .before(EventId.lastOf(journal.through()), event -> event.atMillis() < oldest, 1)
        .events()
        .stream()
        .findFirst()
        .map(ClusterEvent::id)
        .orElse(EventId.NONE);
  }

  @Override
  public void take(TenantInput input) {
    if (!(input instanceof ScribeInput told)) {
      return; // nobody sends another
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
      look();
    }
  }

  @Override
  public void settle() {
    write();
  }

  @Override
  public boolean isAtRest() {
    return isBroken || (last.isPresent() && !isNews);
  }

  /** What cannot be written for now, or at all, is not waited for. */
  @Override
  public boolean isBehind() {
    boolean isWritten = caughtUpEnd.isPresent() && highWatermark >= caughtUpEnd.getAsLong();
    return !isWritten && !isBroken && refusedNanos.isEmpty();
  }

  @Override
  public void resign(Refused why) {
    isBroken = true; // nobody waits for an answer
  }

  // ---- what is written

  private void write() {
    boolean mayTry = retryNanos.filter(at -> nowNanos - at < 0).isEmpty();
    if (!isNews || !mayTry || isBroken || last.isEmpty() || !hasRoom()) {
      return;
    }
    var events = next(last.get());
    if (events.isEmpty()) {
      isNews = false;
      caughtUpEnd = OptionalLong.of(caughtUpEnd.orElse(log.end()));
      return;
    }
    var written = fill(events);
    var refused = log.append(builder.build(Compression.NONE));
    if (refused.isPresent()) {
      refused(refused.get());
    } else {
      retryNanos = Optional.empty();
      refusedNanos = Optional.empty();
      last = Optional.of(written);
      ports.turns().another(log);
    }
  }

  private void refused(Refused why) {
    retryNanos = Optional.of(nowNanos + RETRY_NANOS);
    long since = refusedNanos.orElse(nowNanos);
    boolean isDue = nowNanos - since >= REFUSED_NANOS;
    refusedNanos = Optional.of(isDue ? nowNanos : since);
    if (isDue) {
      ports.notices().refused(log.id(), why);
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
      byte[] value = valueOf(event);
      if (!builder.isEmpty() && !builder.hasRoomFor(key.length, value.length, List.of())) {
        return newest;
      }
      builder.append(now, key, value, List.of());
      newest = event.id();
    }
    return newest;
  }

  /** A fault in it would stop the partition, here and then at each node that leads it next. */
  private byte[] valueOf(ClusterEvent event) {
    try {
      return EventJson.value(event);
    } catch (RuntimeException fault) {
      ports.notices().unwritable(log.id(), event.id(), fault);
      return EventJson.bareValue(event);
    }
  }
}
