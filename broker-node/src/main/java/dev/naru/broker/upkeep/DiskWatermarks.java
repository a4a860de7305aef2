package dev.naru.broker.upkeep;

import dev.naru.broker.events.EventCode;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.log.disk.SpaceRule;
import dev.naru.log.disk.StorageException;
import dev.naru.log.store.DataDirectory;
import dev.naru.log.store.LogStore;
import dev.naru.log.store.StoreMetric;
import dev.naru.types.Refused;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Looks now and then how full the data directories are, tells when one fills up, and on one that
 * takes no more records gives up what is only kept while there is room. Between two looks each
 * directory counts by itself what is written, and refuses new records in time; what must go on when
 * a disk fills up, reading, replication and retention, is not refused.
 */
public final class DiskWatermarks {

  private static final Logger LOG = LogManager.getLogger(DiskWatermarks.class);

  private final LogStore store;
  private final Supplier<SpaceRule> rules;
  private final NodeMeters meters;
  private final ConcurrentHashMap<String, Double> usedRatios = new ConcurrentHashMap<>();

  /** How each directory was at the last look, by location; only those that look use it. */
  private final Map<String, Level> levels = new HashMap<>();

  private enum Level {
    ROOMY,
    FILLING,
    FULL
  }

  /** Looks at the directories of this store by the rule that is in force at each look. */
  public DiskWatermarks(LogStore store, Supplier<SpaceRule> rules, NodeMeters meters) {
    this.store = store;
    this.rules = rules;
    this.meters = meters;
    for (var directory : store.directories()) {
      meters.gauge(
          StoreMetric.USED,
          Tags.of("dir", directory.location()),
          () -> usedRatios.getOrDefault(directory.location(), 0.0));
    }
  }

  /** Asks the file systems. */
  public synchronized void look() {
    var rule = rules.get();
    for (var directory : store.directories()) {
      if (directory.failure().isEmpty()) {
        try {
          look(directory, rule);
        } catch (StorageException e) {
          // told to whoever watches the directory
        }
      }
    }
  }

  private void look(DataDirectory directory, SpaceRule rule) {
    var space = directory.lookAtSpace(rule);
    // Once a look: what was deleted may be free only a while later, and more would go than has to.
    if (rule.wantsRoom(space) && makeRoom(directory)) {
      space = directory.lookAtSpace(rule);
    }
    usedRatios.put(directory.location(), space.usedRatio());
    var why = directory.whyFull();
    var level =
        why.isPresent() ? Level.FULL : rule.isWorthWarning(space) ? Level.FILLING : Level.ROOMY;
    var before = levels.put(directory.location(), level);
    if (level != before) {
      tell(directory.location(), level, before, space.usedRatio(), why);
    }
  }

  private boolean makeRoom(DataDirectory directory) {
    var deleted = store.makeRoom(directory);
    deleted.ifPresent(name ->
        LOG.info("Deleted {} of {}, which takes no new records", name, directory.location()));
    return deleted.isPresent();
  }

  private void tell(
      String location, Level level, Level before, double usedRatio, Optional<Refused> why) {
    if (before == Level.FULL) {
      LOG.info("{} has room for new records again", location);
    }
    switch (level) {
      case FULL -> warn("Takes no new records: " + why.map(Refused::reason).orElseThrow());
      case FILLING -> warn("%s fills up: %.1f %% are in use".formatted(location, usedRatio * 100));
      case ROOMY -> {}
    }
  }

  private void warn(String what) {
    meters.count(EventCode.DISK_WATERMARK);
    LOG.warn(EventCode.DISK_WATERMARK.marker(), "{}", what);
  }
}
