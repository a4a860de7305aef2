package dev.naru.broker.upkeep;

import dev.naru.broker.config.ScrubConfig;
import dev.naru.broker.events.EventCode;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.log.disk.Damage;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.disk.StorageException;
import dev.naru.log.store.DataDirectory;
import dev.naru.log.store.LogStore;
import dev.naru.log.store.Scrubber;
import dev.naru.log.store.StoreMetric;
import dev.naru.types.PartitionId;
import io.micrometer.core.instrument.Counter;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
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

  private static final int REST_FACTOR = 9;

  private final ScrubConfig config;
  private final ReplicaFaults faults;
  private final NodeMeters meters;
  private final LongSupplier nanoClock;
  private final ScheduledExecutorService thread;

  private Scrubbing(
      ScrubConfig config,
      ReplicaFaults faults,
      NodeMeters meters,
      LongSupplier nanoClock,
      ScheduledExecutorService thread) {
    this.config = config;
    this.faults = faults;
    this.meters = meters;
    this.nanoClock = nanoClock;
    this.thread = thread;
  }

  /** Begins where the process before has stopped. */
  public static Scrubbing start(
      ScrubConfig config,
      LogStore store,
      ReplicaFaults faults,
      NodeMeters meters,
      LongSupplier nanoClock,
      ThreadFactory threads) {
    var thread = new ScheduledThreadPoolExecutor(1, threads);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    var scrubbing = new Scrubbing(config, faults, meters, nanoClock, thread);
    store.directories().forEach(directory -> scrubbing.add(store, directory));
    return scrubbing;
  }

  private void add(LogStore store, DataDirectory directory) {
    var bytes = meters.counter(StoreMetric.SCRUBBED, "dir", directory.location());
    if (config.bytesPerSecond() > 0) {
      var pass = new Pass(store.scrubber(directory, new Finder()), directory.location(), bytes);
      pass.again(TimeUnit.SECONDS.toNanos(1));
    }
  }

  /** The readings of one directory. */
  private final class Pass implements Runnable {

    private final Scrubber scrubber;
    private final String location;
    private final Counter bytes;
    private long bytesOfPass;

    Pass(Scrubber scrubber, String location, Counter bytes) {
      this.scrubber = scrubber;
      this.location = location;
      this.bytes = bytes;
    }

    @Override
    public void run() {
      try {
        long start = nanoClock.getAsLong();
        long read = scrubber.step((int) Math.min(STEP_BYTES, config.bytesPerSecond()));
        bytes.increment((double) read);
        bytesOfPass += read;
        if (read == 0) {
          passIsOver();
        } else {
          again(restNanos(read, nanoClock.getAsLong() - start));
        }
      } catch (StorageException e) {
        LOG.info("Nothing more is read in {}, which has failed", location);
      } catch (RuntimeException e) {
        LOG.error(
            EventCode.INTERNAL_FAULT.marker(),
            "The search for damage in {} failed and goes on later",
            location,
            e);
        again(config.interval().toNanos());
      }
    }

    private void passIsOver() {
      if (bytesOfPass > 0) {
        LOG.info("Read all closed segments in {}: {} bytes", location, bytesOfPass);
      }
      bytesOfPass = 0;
      // A directory without closed segments is not asked for them all the time.
      again(Math.max(TimeUnit.SECONDS.toNanos(1), config.interval().toNanos()));
    }

    private long restNanos(long read, long tookNanos) {
      long atRate = (long) (read * (double) TimeUnit.SECONDS.toNanos(1) / config.bytesPerSecond());
      return Math.max(atRate, REST_FACTOR * tookNanos);
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
