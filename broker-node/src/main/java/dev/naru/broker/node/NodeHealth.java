package dev.naru.broker.node;

import dev.naru.broker.http.Health;
import dev.naru.broker.peer.Heartbeats;
import dev.naru.log.store.DataDirectory;
import dev.naru.metadata.log.MetadataLog;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Says how the node is, from what its parts last published; asked by probes, so it never waits. */
final class NodeHealth {

  private final StartProgress start;
  private final LongSupplier nanoClock;
  private final Duration lease;
  private final NodeDirectories directories;

  /** A node that takes part in its cluster. */
  record Joined(Heartbeats heartbeats, MetadataLog log) {}

  /** Set when the node has registered, read by any thread. */
  private volatile @Nullable Joined joined;

  /** Set when every listener is open, cleared when the node begins to stop; read by any thread. */
  private volatile boolean isServing;

  NodeHealth(
      StartProgress start, LongSupplier nanoClock, Duration lease, NodeDirectories directories) {
    this.start = start;
    this.nanoClock = nanoClock;
    this.lease = lease;
    this.directories = directories;
  }

  void joined(Joined now) {
    joined = now;
  }

  void serving(boolean isServingNow) {
    isServing = isServingNow;
  }

  /** How long ago this node's image was last known to be current. */
  long imageAgeNanos() {
    var now = joined;
    return now == null ? 0 : nanoClock.getAsLong() - now.heartbeats().standing().currentNanos();
  }

  Health now() {
    var reason = whyNotReady();
    return new Health(reason.isEmpty(), reason.isEmpty() ? "ready" : reason, details());
  }

  private String whyNotReady() {
    var now = joined;
    if (!isServing || now == null) {
      return "Expected every step to be done, but the node is at: " + start.words();
    }
    var standing = now.heartbeats().standing();
    if (!standing.isHeard()) {
      return "Expected the controller to have heard this node, but it has not yet";
    }
    if (standing.isFenced()) {
      return "Expected this node to be unfenced, but it is fenced";
    }
    if (imageAgeNanos() > lease.toNanos()) {
      return "Expected a current image, but it is %d ms old; produce and consume go on where the leader and its ISR are alive"
          .formatted(TimeUnit.NANOSECONDS.toMillis(imageAgeNanos()));
    }
    return directories.opened().stream().allMatch(directory -> directory.failure().isPresent())
        ? "Expected a data directory in use, but all have failed"
        : "";
  }

  private static String condition(DataDirectory directory) {
    return directory
        .failure()
        .map(failure -> "failed: " + failure.getMessage())
        .or(() -> directory.whyFull().map(why -> "full: " + why.reason()))
        .orElse("in use");
  }

  private SortedMap<String, String> details() {
    var details = new TreeMap<String, String>();
    details.put("step", start.startup().current());
    details.put("recovery", start.recovery().words());
    directories
        .unusable()
        .forEach((location, why) -> details.put("directory " + location, "failed: " + why));
    for (var directory : directories.opened()) {
      details.put("directory " + directory.location(), condition(directory));
    }
    var now = joined;
    if (now != null) {
      var quorum = now.log().quorum();
      details.put("metadata.index", Long.toString(now.log().applied().index()));
      details.put("quorum.role", quorum.role().toString());
      details.put("controller", quorum.controller().map(Object::toString).orElse("none known"));
      details.put("fenced", Boolean.toString(now.heartbeats().standing().isFenced()));
      details.put("image.age.ms", Long.toString(TimeUnit.NANOSECONDS.toMillis(imageAgeNanos())));
    }
    return details;
  }
}
