package dev.naru.broker.upkeep;

import dev.naru.broker.config.ProducersConfig;
import dev.naru.broker.config.RetentionConfig;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.broker.partition.PartitionAddress;
import dev.naru.broker.partition.PartitionInput.ProducersAged;
import dev.naru.broker.partition.PartitionInput.RollDue;
import dev.naru.broker.partition.PartitionInput.StartDue;
import dev.naru.broker.partition.PartitionRole;
import dev.naru.broker.partition.PartitionView;
import dev.naru.broker.runtime.Clocks;
import dev.naru.broker.runtime.NodeRuntime;
import dev.naru.log.LogView;
import dev.naru.log.retention.DropReason;
import dev.naru.log.retention.Retention.NewStart;
import dev.naru.log.retention.RollWatch;
import dev.naru.log.store.LogStore;
import dev.naru.log.store.StoreMetric;
import dev.naru.types.PartitionId;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Looks at all partitions of a node now and then: which active segments are to be closed, and what
 * a log that is led here no longer has to keep. Partitions are only told when something is due, so
 * that one that rests costs nothing else. Also deletes the files of what logs have dropped.
 */
public final class LogUpkeep {

  /** So late a segment may be closed after its time, and files deleted after they were dropped. */
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** Less may be drift. */
  private static final Duration JUMP = Duration.ofMinutes(1);

  private static final Logger LOG = LogManager.getLogger(LogUpkeep.class);

  private final Supplier<? extends Collection<? extends PartitionAddress>> partitions;
  private final LogStore store;
  private final Clocks clocks;
  private final TrustedTime time;
  private final RollWatch watch = new RollWatch();
  private final Function<PartitionId, String> names;
  private final Witness witness;
  private boolean isJumpTold;

  /** Who hears what became of looks, on the thread that looked. */
  @FunctionalInterface
  public interface Witness {

    /** The files of so many segments are gone. */
    void deleted(DropReason why, int segments);
  }

  /**
   * Looks at these partitions, whose logs are in this store.
   *
   * @param names of partitions, as people write them
   */
  public LogUpkeep(
      Supplier<? extends Collection<? extends PartitionAddress>> partitions,
      LogStore store,
      Clocks clocks,
      Function<PartitionId, String> names,
      Witness witness) {
    this.partitions = partitions;
    this.store = store;
    this.clocks = clocks;
    this.time = new TrustedTime(clocks);
    this.names = names;
    this.witness = witness;
  }

  /** Counts what goes, from 0 on. */
  public static Witness counting(NodeMeters meters) {
    for (DropReason reason : DropReason.values()) {
      var _ = deleted(meters, reason); // so that it is seen to be 0
    }
    return (why, segments) -> deleted(meters, why).increment(segments);
  }

  private static Counter deleted(NodeMeters meters, DropReason reason) {
    String label = reason.name().toLowerCase(Locale.ROOT);
    return meters.counter(StoreMetric.SEGMENTS_DELETED, "reason", label);
  }

  /**
   * Begins to look, at segments every second and at what is kept when the settings say that are in
   * force then.
   */
  public void start(
      NodeRuntime runtime,
      Supplier<RetentionConfig> retention,
      Supplier<ProducersConfig> producers) {
    runtime.repeat(INTERVAL, "The look at the age of segments", this::roll);
    runtime.repeat(INTERVAL, "The deletion of segments", this::sweep);
    Supplier<Duration> checkInterval = () -> retention.get().checkInterval();
    runtime.repeat(checkInterval, "The look at retention", this::retain);
    runtime.repeat(
        checkInterval,
        "The deletion of what was set aside",
        () -> expire(retention.get().setAside()));
    runtime.repeat(
        ProducersConfig.ERA, "The look at silent producers", () -> age(producers.get().erasMax()));
  }

  /**
   * Has logs forget producers that are silent for long, also those of followers, who may lead one
   * day. Logs without producers are not woken.
   */
  public void age(int erasMax) {
    for (var seat : partitions.get()) {
      seat.view()
          .filter(view -> view.producers() > 0)
          .ifPresent(_ -> seat.tell(new ProducersAged(erasMax)));
    }
  }

  /** Closes segments that are old enough, and those that compaction has to go through. */
  public void roll() {
    long nowNanos = clocks.nanos().getAsLong();
    watch.beginLook();
    for (var seat : partitions.get()) {
      seat.view()
          .filter(view -> view.role() != PartitionRole.OFFLINE) // its disk may have failed
          .map(PartitionView::log)
          .filter(log -> isOld(log, nowNanos) || isToBeCompacted(log))
          .ifPresent(log -> seat.tell(new RollDue(log.activeBase())));
    }
  }

  private boolean isOld(LogView log, long nowNanos) {
    return watch.isDue(
        log.id(),
        log.activeBase(),
        log.activeBase() == log.end(),
        log.config().activeMillisMax(),
        nowNanos,
        () -> time.millis() - log.activeSinceMillis().orElse(Long.MAX_VALUE));
  }

  private boolean isToBeCompacted(LogView log) {
    return log.config().cleanup().compacts()
        && store.log(log.id()).filter(each -> each.cleaning().isRollDue()).isPresent();
  }

  /** Has logs that are led here begin later, if they may. */
  public void retain() {
    tellOfJump();
    long nowMillis = time.millis();
    for (var seat : partitions.get()) {
      seat.view()
          .filter(PartitionView::isLeader)
          .ifPresent(view ->
              view.log()
                  .newStart(view.highWatermark(), nowMillis)
                  .ifPresent(found -> seat.tell(due(view, found))));
    }
  }

  private void tellOfJump() {
    long ahead = time.aheadMillis();
    if (ahead > JUMP.toMillis() && !isJumpTold) {
      LOG.info(
          "The wall clock is {} ms further than the time that has passed: until the next start"
              + " records are kept so much longer",
          ahead);
    }
    isJumpTold = ahead > JUMP.toMillis();
  }

  private StartDue due(PartitionView view, NewStart found) {
    LOG.info(
        "Log start of {} goes from {} to {}: {}",
        names.apply(view.id()),
        view.log().start(),
        found.offset(),
        found.reason() == DropReason.AGE ? "retention.ms" : "retention.bytes");
    return new StartDue(view.leaderEpoch(), found.offset(), found.reason());
  }

  /** Deletes what was set aside long enough ago. */
  public void expire(Duration setAside) {
    store
        .expireSetAside(time.millis(), setAside.toMillis())
        .forEach(name -> LOG.info("Deleted {}, set aside more than {} ago", name, setAside));
  }

  /** Deletes the files of segments that logs have dropped. */
  public void sweep() {
    store
        .sweep()
        .forEach((reason, count) -> {
          witness.deleted(reason, count);
          LOG.info("Deleted the files of {} segments: {}", count, reason);
        });
  }
}
