package dev.naru.broker.upkeep;

import dev.naru.broker.metrics.NodeMeters;
import dev.naru.log.disk.StorageException;
import dev.naru.log.salvage.SetAside;
import dev.naru.log.salvage.SetAsideEntry;
import dev.naru.log.store.StoreMetric;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Looks now and then at what the data directories have set aside, and counts it for metrics. That
 * something was cut off is told once, as an event; these numbers say it for as long as it lies
 * there. Belongs to the thread for chores; the numbers are read by any.
 */
public final class SetAsideWatch {

  /**
   * A look opens a few files for each, and the thread has other chores. The next look goes on where
   * this one ended.
   */
  private static final int ENTRIES_PER_LOOK_MAX = 100;

  /** From the end of one count to the beginning of the next. */
  private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(5);

  private final Map<String, Watched> directories = new TreeMap<>();
  private final LongSupplier nanoClock;
  private final Deque<Watched> uncounted = new ArrayDeque<>();
  private OptionalLong countedNanos = OptionalLong.empty(); // when the last count ended

  /** What may hold records that no log has any more, and everything else. */
  private enum Kind {
    CUT_OFF("cut-off"),
    OTHER("other");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    static Kind of(SetAsideEntry entry) {
      return entry.reason().isCutOff() ? CUT_OFF : OTHER;
    }
  }

  private record Sum(long entries, long bytes) {

    static final Sum NONE = new Sum(0, 0);

    Sum with(SetAsideEntry entry) {
      return new Sum(entries + 1, bytes + entry.bytes());
    }
  }

  private static final class Watched {

    private final SetAside content;
    private Map<Kind, Sum> counting = zero();
    private Optional<SetAside.Walk> walk = Optional.empty(); // of the count under way

    /** Of the last whole count; written by chores, read for a page of metrics. */
    private volatile Map<Kind, Sum> sums = Map.of();

    Watched(SetAside content) {
      this.content = content;
    }

    private static Map<Kind, Sum> zero() {
      var sums = new TreeMap<Kind, Sum>();
      for (var kind : Kind.values()) {
        sums.put(kind, Sum.NONE);
      }
      return sums;
    }

    void begin() {
      counting = zero();
      walk = Optional.empty();
    }

    /** Counts some more, and says whether there is still more to count. */
    boolean countSome() {
      var under = walk.orElseGet(content::walk);
      walk = Optional.of(under);
      for (var entry : under.next(ENTRIES_PER_LOOK_MAX)) {
        counting.merge(Kind.of(entry), Sum.NONE, (sum, _) -> sum.with(entry));
      }
      if (under.isOver()) {
        sums = counting;
        walk = Optional.empty(); // and the names with it
      }
      return !under.isOver();
    }

    /** Nobody knows before the first look. */
    double value(Kind kind, StoreMetric metric) {
      var sum = sums.get(kind);
      if (sum == null) {
        return Double.NaN;
      }
      return metric == StoreMetric.SET_ASIDE_ENTRIES ? sum.entries() : sum.bytes();
    }
  }

  /**
   * Will look into these.
   *
   * @param contents what each directory has set aside, by its location
   */
  public SetAsideWatch(Map<String, SetAside> contents, NodeMeters meters, LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    contents.forEach((location, content) -> {
      var watched = new Watched(content);
      directories.put(location, watched);
      for (var kind : Kind.values()) {
        var tags = Tags.of("dir", location, "kind", kind.label);
        gauge(meters, StoreMetric.SET_ASIDE_ENTRIES, tags, watched, kind);
        gauge(meters, StoreMetric.SET_ASIDE_BYTES, tags, watched, kind);
      }
    });
  }

  private static void gauge(
      NodeMeters meters, StoreMetric metric, Tags tags, Watched watched, Kind kind) {
    meters.gauge(metric, tags, () -> watched.value(kind, metric));
  }

  /**
   * Counts some entries, at once at the first look, and anew every few minutes. A directory that
   * cannot be read keeps its numbers: others tell of its failure.
   */
  public void look() {
    if (uncounted.isEmpty() && isDue()) {
      uncounted.addAll(directories.values());
      uncounted.forEach(Watched::begin);
    }
    var next = uncounted.peekFirst();
    if (next != null && !countSome(next)) {
      uncounted.removeFirst();
      countedNanos = OptionalLong.of(nanoClock.getAsLong());
    }
  }

  private boolean isDue() {
    return countedNanos.isEmpty()
        || nanoClock.getAsLong() - countedNanos.getAsLong() >= PAUSE_NANOS;
  }

  private static boolean countSome(Watched watched) {
    try {
      return watched.countSome();
    } catch (StorageException e) {
      return false; // told to whoever watches the directory
    }
  }
}
