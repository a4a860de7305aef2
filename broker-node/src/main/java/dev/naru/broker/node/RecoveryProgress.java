package dev.naru.broker.node;

import dev.naru.log.store.RecoveryListener;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * How far the recovery of each data directory is. Told by the threads that recover, asked by
 * probes; now and then it says it in the log.
 */
final class RecoveryProgress implements RecoveryListener {

  private static final Logger LOG = LogManager.getLogger(RecoveryProgress.class);

  /** Often enough for who waits; thousands of logs are recovered in that time. */
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final LongSupplier nanoClock;
  private final ConcurrentSkipListMap<String, Progress> directories = new ConcurrentSkipListMap<>();
  private final ConcurrentHashMap<String, Long> saidNanos = new ConcurrentHashMap<>();

  RecoveryProgress(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  @Override
  public void recovered(Progress progress) {
    directories.put(progress.location(), progress);
    long now = nanoClock.getAsLong();
    long said = saidNanos.computeIfAbsent(progress.location(), first -> now);
    if (now - said >= INTERVAL_NANOS) {
      saidNanos.put(progress.location(), now);
      LOG.info("Recovering {}", words(progress));
    }
  }

  /** Logs that are still to be recovered, as far as their number is known. */
  int remaining() {
    return directories.values().stream()
        .mapToInt(progress -> progress.total() - progress.done())
        .sum();
  }

  /** Of each directory in which something was or is to be recovered; empty before that. */
  String words() {
    return directories.values().stream()
        .map(RecoveryProgress::words)
        .collect(Collectors.joining("; "));
  }

  private static String words(Progress progress) {
    return "%s: %d of %d logs, %d bytes read"
        .formatted(progress.location(), progress.done(), progress.total(), progress.scannedBytes());
  }
}
