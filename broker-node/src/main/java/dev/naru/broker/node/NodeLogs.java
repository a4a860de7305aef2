package dev.naru.broker.node;

import dev.naru.broker.events.EventCode;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.broker.runtime.NodeThreads;
import dev.naru.log.LogConfig;
import dev.naru.log.store.DataDirectory;
import dev.naru.log.store.GroupCommit;
import dev.naru.log.store.LogStore;
import dev.naru.log.store.RecoveryReport;
import dev.naru.log.store.StoreMetric;
import dev.naru.types.NodeEpoch;
import dev.naru.types.Refused;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** A node's logs and the threads of their group commits; closed once, in one of two ways. */
final class NodeLogs {

  private static final Logger LOG = LogManager.getLogger(NodeLogs.class);

  private final LogStore store;
  private final SortedMap<String, Refused> unusable;
  private final List<GroupCommit> commits = new ArrayList<>();
  private final AtomicBoolean isClosed = new AtomicBoolean();

  private NodeLogs(LogStore store, SortedMap<String, Refused> unusable) {
    this.store = store;
    this.unusable = unusable;
  }

  /** Recovers all logs and says what was found. */
  static NodeLogs recover(
      NodeDirectories directories, Executor executor, RecoveryProgress progress) {
    var store = LogStore.open(directories.opened(), LogConfig.DEFAULTS, executor, progress);
    store.reports().forEach(NodeLogs::tell);
    return new NodeLogs(store, directories.unusable());
  }

  /** The newest epoch that one of its directories remembers; empty if they are new. */
  Optional<NodeEpoch> newestEpoch() {
    return store.directories().stream()
        .flatMap(directory -> directory.lastRun().epoch().stream())
        .max(Comparator.naturalOrder());
  }

  /** Of the directories that can be used. */
  List<UUID> directoryIds() {
    return store.directories().stream().map(DataDirectory::id).toList();
  }

  private static void tell(RecoveryReport report) {
    report
        .damaged()
        .forEach(damaged -> LOG.warn(EventCode.CORRUPTION_FOUND.marker(), "{}", damaged.damage()));
    report
        .warnings()
        .forEach(warning -> LOG.warn(EventCode.RECOVERY_FINISHED.marker(), "{}", warning));
    report
        .failure()
        .ifPresent(failure ->
            LOG.error(
                EventCode.STORAGE_FAILED.marker(),
                "Directory {} cannot be used",
                report.directory(),
                failure));
    LOG.info(
        "Recovered directory {}: {} logs, {} damaged, {} bytes read, {} bytes of torn tails cut",
        report.directory(),
        report.logs().size(),
        report.damaged().size(),
        report.logs().stream().mapToLong(RecoveryReport.Log::scannedBytes).sum(),
        report.logs().stream().mapToLong(RecoveryReport.Log::cutBytes).sum());
  }

  /** Starts a thread a directory that forces what was written. */
  void startCommits(NodeThreads threads, LongSupplier nanoClock, NodeMeters meters) {
    unusable
        .keySet()
        .forEach(location -> meters.gauge(StoreMetric.FAILED, Tags.of("dir", location), () -> 1));
    for (var directory : store.directories()) {
      var tags = Tags.of("dir", directory.location());
      var timer = meters.timer(StoreMetric.FSYNC, tags);
      meters.gauge(StoreMetric.FAILED, tags, () -> directory.failure().isPresent() ? 1 : 0);
      commits.add(
          GroupCommit.start(
              store.rounds(directory),
              threads.named("fsync-" + directory.location()),
              nanoClock,
              nanos -> timer.record(nanos, TimeUnit.NANOSECONDS)));
    }
  }

  LogStore store() {
    return store;
  }

  /** The directories that were out of use at the start, by location, and why. */
  SortedMap<String, Refused> unusable() {
    return unusable;
  }

  /**
   * Whether logs may lie where this process cannot see them: a directory was out of use at its
   * start already. It may have become so since.
   */
  boolean mayMissLogs() {
    return !unusable.isEmpty()
        || store.reports().stream().anyMatch(report -> report.failure().isPresent());
  }

  /** Whether it was closed, in either way. */
  boolean isClosed() {
    return isClosed.get();
  }

  /** Forces everything and marks the directories as stopped cleanly. Nobody owns a log any more. */
  void closeCleanly(NodeEpoch epoch) {
    if (isClosed.compareAndSet(false, true)) {
      commits.forEach(GroupCommit::close);
      if (!store.closeCleanly(epoch)) {
        LOG.info("The logs are closed, but not marked as clean, because a directory has failed");
      }
    }
  }

  /** Closes files and unlocks; the next start recovers. */
  void close() {
    if (isClosed.compareAndSet(false, true)) {
      commits.forEach(GroupCommit::close);
      store.close();
    }
  }
}
