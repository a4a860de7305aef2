package dev.naru.broker.upkeep;

import dev.naru.broker.config.CleanerConfig;
import dev.naru.broker.events.EventCode;
import dev.naru.broker.loop.PartitionDirectory;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.broker.partition.PartitionInput;
import dev.naru.broker.partition.PartitionInput.PurgeEndAsked;
import dev.naru.broker.partition.PartitionInput.SegmentsCompacted;
import dev.naru.broker.runtime.NodeRuntime;
import dev.naru.broker.runtime.Recurrence;
import dev.naru.log.CompactedSegments;
import dev.naru.log.LogCompaction;
import dev.naru.log.disk.GivesWay;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.store.Compactor;
import dev.naru.log.store.LogStore;
import dev.naru.log.store.RisingPace;
import dev.naru.log.store.StoreMetric;
import dev.naru.types.PartitionId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The threads that compact a node's logs, and what a node tells of it. Each replica compacts for
 * itself, leader or not.
 */
public final class CompactorThreads implements Compactor.Witness, AutoCloseable {

  private static final Logger LOG = LogManager.getLogger(CompactorThreads.class);

  /**
   * About a sixteenth of what a pass does that nothing holds back. PERFORMANCE.md has figures of
   * fetches beside one at twice this pace.
   */
  private static final long UNHURRIED_BYTES_PER_SECOND = 32 << 20;

  /** While there is nothing to do it is looked so often whether the backoff is another. */
  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

  /** A step ends soon once its pace is given up: it reads a mebibyte between two looks. */
  private static final Duration STOP_MAX = Duration.ofSeconds(30);

  private final ReplicaFaults faults;
  private final Function<PartitionId, String> names;
  private final NodeMeters meters;
  private final Counter reclaimed;
  private final Supplier<CleanerConfig> settings;
  private final LongSupplier nanoClock;
  private final RisingPace pace;
  private final Compactor compactor;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();

  private CompactorThreads(
      Supplier<CleanerConfig> settings,
      LogStore store,
      PartitionDirectory directory,
      ReplicaFaults faults,
      Function<PartitionId, String> names,
      NodeRuntime runtime) {
    var config = settings.get();
    this.settings = settings;
    this.nanoClock = runtime.clocks().nanos();
    this.faults = faults;
    this.names = names;
    this.meters = runtime.meters();
    this.pace = new RisingPace(() -> bounds(settings.get()), nanoClock, this::isToWaitOn);
    byte[] salt = new byte[16];
    runtime.dice().nextBytes(salt);
    this.compactor =
        new Compactor(
            store,
            new Owners(directory),
            this,
            config.dedupeBufferBytes() / config.threads(),
            salt,
            pace,
            new TrustedTime(runtime.clocks())::millis);
    this.reclaimed = meters.counter(StoreMetric.RECLAIMED, "by", "compaction");
    meters.gauge(StoreMetric.DIRTY_RATIO, Tags.empty(), compactor::dirtyRatioMax);
    meters.gauge(StoreMetric.UNCLEANABLE, Tags.empty(), () -> compactor.uncleanable().size());
  }

  /**
   * Starts them.
   *
   * @param settings asked for again and again, but for threads and memory
   * @param names of partitions, as people write them
   */
  public static CompactorThreads start(
      Supplier<CleanerConfig> settings,
      LogStore store,
      PartitionDirectory directory,
      ReplicaFaults faults,
      Function<PartitionId, String> names,
      NodeRuntime runtime) {
    var compactors = new CompactorThreads(settings, store, directory, faults, names, runtime);
    var factory = runtime.threads().numbered("compactor");
    int count = settings.get().threads();
    for (int i = 0; i < count; i++) {
      compactors.threads.add(factory.newThread(compactors::run));
    }
    compactors.threads.forEach(Thread::start);
    return compactors;
  }

  private static RisingPace.Bounds bounds(CleanerConfig config) {
    return new RisingPace.Bounds(
        config.ioBytesPerSecondMax().orElse(UNHURRIED_BYTES_PER_SECOND),
        config.ioBytesPerSecondMax().orElse(Long.MAX_VALUE / 2));
  }

  /** Waits for its pace; false: it is stopped. */
  private boolean isToWaitOn(long nanos) {
    try {
      return !stopped.await(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void run() {
    GivesWay.here();
    try {
      do {
        while (compactor.compactOne()) {
          pace.rise();
        }
        pace.rest();
      } while (!isStoppedInBackoff());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isStoppedInBackoff() throws InterruptedException {
    var backoff = new Recurrence(() -> settings.get().backoff(), nanoClock.getAsLong());
    do {
      var left = settings.get().backoff();
      var wait = left.compareTo(LOOK_INTERVAL) < 0 ? left : LOOK_INTERVAL;
      if (stopped.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
        return true;
      }
    } while (!backoff.isDue(nanoClock.getAsLong()));
    return false;
  }

  /** Asks the partitions' loops. A partition that is not there answers as one out of use. */
  private record Owners(PartitionDirectory directory) implements Compactor.Owners {

    @Override
    public CompletableFuture<Boolean> putInPlace(
        PartitionId partition, CompactedSegments segments) {
      return ask(partition, answer -> new SegmentsCompacted(segments, answer::complete), false);
    }

    @Override
    public CompletableFuture<OptionalLong> purgeEnd(PartitionId partition) {
      return ask(partition, answer -> new PurgeEndAsked(answer::complete), OptionalLong.empty());
    }

    private <T> CompletableFuture<T> ask(
        PartitionId partition, Function<CompletableFuture<T>, PartitionInput> input, T otherwise) {
      var answer = new CompletableFuture<T>();
      directory
          .seat(partition)
          .ifPresentOrElse(
              seat ->
                  seat.tell(
                      input.apply(answer),
                      () -> answer.complete(otherwise)), // unless it was answered
              () -> answer.complete(otherwise));
      return answer;
    }
  }

  @Override
  public void compacted(PartitionId partition, LogCompaction pass) {
    LOG.info(
        "Compacted {} up to offset {}: {} bytes have become {}",
        names.apply(partition),
        pass.cleanEnd(),
        pass.bytesBefore(),
        pass.bytesBefore() - pass.bytesFreed());
  }

  @Override
  public void replaced(PartitionId partition, long bytesFreed) {
    reclaimed.increment((double) bytesFreed);
  }

  @Override
  public void putOff(PartitionId partition, String why) {
    LOG.info("Compaction of {} is put off: {}", names.apply(partition), why);
  }

  @Override
  public void uncleanable(PartitionId partition, RuntimeException fault) {
    meters.count(EventCode.LOG_UNCLEANABLE);
    LOG.warn(
        EventCode.LOG_UNCLEANABLE.marker(),
        "{} is not compacted any more until it is opened again; it serves as before",
        names.apply(partition),
        fault);
  }

  @Override
  public void damaged(LogDamagedException damage) {
    var _ = faults.readFailed(damage.damage().partition(), damage);
  }

  /** Ends passes after their present step; what was prepared and not used is deleted later. */
  @Override
  public void close() {
    compactor.stop();
    stopped.countDown();
    try {
      for (Thread each : threads) {
        each.join(STOP_MAX);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
