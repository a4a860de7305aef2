package dev.naru.broker.node;

import dev.naru.broker.events.EventCode;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.broker.rpc.WritableDisks;
import dev.naru.log.disk.DiskSpace;
import dev.naru.log.disk.StorageException;
import dev.naru.log.store.DataDirectory;
import dev.naru.log.store.LogStore;
import dev.naru.log.store.StoreMetric;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Knows which data directories are too full for new records. Looks now and then, so that no request
 * has to ask the file system; what must go on when a disk fills up, reading, replication and
 * retention, does not ask here.
 */
final class DiskWatermarks implements WritableDisks {

  private static final Logger LOG = LogManager.getLogger(DiskWatermarks.class);

  private final LogStore store;
  private final double usedRatioMax;
  private final NodeMeters meters;
  private final ConcurrentHashMap<String, Double> usedRatios = new ConcurrentHashMap<>();

  /**
   * Replaced as a whole by each look, read for every batch: directories that are full, by location.
   */
  private volatile Map<String, Refused> full = Map.of();

  DiskWatermarks(LogStore store, double usedRatioMax, NodeMeters meters) {
    this.store = store;
    this.usedRatioMax = usedRatioMax;
    this.meters = meters;
    for (var directory : store.directories()) {
      meters.gauge(
          StoreMetric.USED,
          Tags.of("dir", directory.location()),
          () -> usedRatios.getOrDefault(directory.location(), 0.0));
    }
  }

  @Override
  public Optional<Refused> refusal(PartitionId partition) {
    var now = full;
    return now.isEmpty() || store.log(partition).isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(now.get(store.directoryOf(partition).location()));
  }

  /** Asks the file systems. */
  void look() {
    var found = new TreeMap<String, Refused>();
    for (var directory : store.directories()) {
      spaceOf(directory)
          .filter(space -> isFull(directory, space))
          .ifPresent(space -> found.put(directory.location(), refusalFor(directory, space)));
    }
    found.forEach((location, why) -> {
      if (!full.containsKey(location)) {
        meters.count(EventCode.DISK_WATERMARK);
        LOG.warn(EventCode.DISK_WATERMARK.marker(), "Takes no new records: {}", why.reason());
      }
    });
    full.keySet().stream()
        .filter(location -> !found.containsKey(location))
        .forEach(location -> LOG.info("{} has room for new records again", location));
    full = found;
  }

  private Optional<DiskSpace> spaceOf(DataDirectory directory) {
    try {
      return directory.failure().isPresent() ? Optional.empty() : Optional.of(directory.space());
    } catch (StorageException e) {
      return Optional.empty(); // told to whoever watches the directory
    }
  }

  private boolean isFull(DataDirectory directory, DiskSpace space) {
    usedRatios.put(directory.location(), space.usedRatio());
    return usedRatioMax < 1 && space.usedRatio() > usedRatioMax;
  }

  private Refused refusalFor(DataDirectory directory, DiskSpace space) {
    return new Refused(
        ErrorCode.DISK_FULL,
        "Expected %s to be at most %.0f %% full (disk.used.ratio.max), but it is %.1f %%"
            .formatted(directory.location(), usedRatioMax * 100, space.usedRatio() * 100));
  }
}
