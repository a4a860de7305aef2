package dev.naru.broker.upkeep;

import dev.naru.broker.config.ScrubConfig;
import dev.naru.broker.events.EventCode;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.broker.runtime.Recurrence;
import dev.naru.log.disk.Damage;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.disk.StorageException;
import dev.naru.log.store.DataDirectory;
import dev.naru.log.store.LogStore;
import dev.naru.log.store.Scrubber;
import dev.naru.log.store.StoreMetric;
import dev.naru.types.PartitionId;
import io.micrometer.core.instrument.Counter;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Reads everything that is stored, slowly and again and again, on one thread: a {@link Scrubber}
 * for each data directory. It stays below the configured rate, and rests nine times as long as each
 * read took: a disk that is busy answers late, and is left alone accordingly.
 */
public final class Scrubbing implements AutoCloseable {

  private static final Logger LOG = LogManager.getLogger(Scrubbing.class);

  /** Enough that a disk need not seek for each record, little enough not to be in anyone's way. */
  private static final int STEP_BYTES = 1 << 20;

  /** While nothing is read it is looked so often whether something is to be, and how fast. */
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Supplier<ScrubConfig> settings;
  private final ReplicaFaults faults;
  private final NodeMeters meters;
  private final LongSupplier nanoClock;
  private final ScheduledExecutorService thread;

  private Scrubbing(
      Supplier<ScrubConfig> settings,
      ReplicaFaults faults,
      NodeMeters meters,
      LongSupplier nanoClock,
      ScheduledExecutorService thread) {
    this.settings = settings;
    this.faults = faults;
    this.meters = meters;
    this.nanoClock = nanoClock;
    this.thread = thread;
  }

  /**
   * Begins where the process before has stopped.
   *
   * @param settings asked for between two reads
   */
  public static Scrubbing start(
      Supplier<ScrubConfig> settings,
      LogStore store,
      ReplicaFaults faults,
      NodeMeters meters,
      LongSupplier nanoClock,
      ThreadFactory threads) {
    var thread = new ScheduledThreadPoolExecutor(1, threads);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    var scrubbing = new Scrubbing(settings, faults, meters, nanoClock, thread);
    store.directories().forEach(directory -> scrubbing.add(store, directory));
    return scrubbing;
  }

  private void add(LogStore store, DataDirectory directory) {
    var bytes = meters.counter(StoreMetric.SCRUBBED, "dir", directory.location());
    var pass = new Pass(store.scrubber(directory, new Finder()), directory.location(), bytes);
    pass.again(LOOK_NANOS);
  }

  /** The readings of one directory. */
  private final class Pass implements Runnable {

    private final Scrubber scrubber;
    private final String location;
    private final Counter bytes;
    private long bytesOfPass;
    private Optional<Recurrence> rest = Optional.empty(); // after all was read
    private Optional<ScrubRest> pause = Optional.empty(); // after one read

    Pass(Scrubber scrubber, String location, Counter bytes) {
      this.scrubber = scrubber;
      this.location = location;
      this.bytes = bytes;
    }

    @Override
    public void run() {
      long start = nanoClock.getAsLong();
      long bytesPerSecond = settings.get().bytesPerSecond();
      if (bytesPerSecond == 0 || rest.filter(each -> !each.isDue(start)).isPresent()) {
        again(LOOK_NANOS);
        return;
      }
      rest = Optional.empty();
      long pauseNanos = pause.map(each -> each.leftNanos(start, bytesPerSecond)).orElse(0L);
      if (pauseNanos > 0) {
        again(Math.min(pauseNanos, LOOK_NANOS));
        return;
      }
      try {
        long read = scrubber.step((int) Math.min(STEP_BYTES, bytesPerSecond));
        bytes.increment((double) read);
        bytesOfPass += read;
        if (read == 0) {
          passIsOver();
        } else {
          long end = nanoClock.getAsLong();
          var next = new ScrubRest(read, end - start, end);
          pause = Optional.of(next);
          again(Math.min(next.leftNanos(end, bytesPerSecond), LOOK_NANOS));
        }
      } catch (StorageException e) {
        LOG.info("Nothing more is read in {}, which has failed", location);
      } catch (RuntimeException e) {
        LOG.error(
            EventCode.INTERNAL_FAULT.marker(),
            "The search for damage in {} failed and goes on later",
            location,
            e);
        rest();
      }
    }

    private void passIsOver() {
      if (bytesOfPass > 0) {
        LOG.info("Read all closed segments in {}: {} bytes", location, bytesOfPass);
      }
      bytesOfPass = 0;
      rest();
    }

    /**
     * A second at least: a directory without closed segments is not asked for them all the time.
     */
    private void rest() {
      pause = Optional.empty();
      rest = Optional.of(new Recurrence(() -> settings.get().interval(), nanoClock.getAsLong()));
      again(LOOK_NANOS);
    }

    void again(long delayNanos) {
      try {
        var _ = thread.schedule(this, delayNanos, TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        // The node stops.
      }
    }
  }

  private final class Finder implements Scrubber.Findings {

    @Override
    public void damaged(Damage damage) {
      var _ = faults.readFailed(damage.partition(), new LogDamagedException(damage));
    }

    @Override
    public void unsealed(PartitionId partition, long segmentBase) {
      faults.sealLost(partition, segmentBase);
    }

    @Override
    public void mended(String what) {
      meters.count(EventCode.CORRUPTION_FOUND);
      LOG.warn(EventCode.CORRUPTION_FOUND.marker(), "Found and put right: {}", what);
    }
  }

  /** Returns when nothing is read any more. */
  @Override
  public void close() {
    thread.shutdown(); // not shutdownNow: an interrupt would close the files of others
    try {
      var _ = thread.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
