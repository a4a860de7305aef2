package dev.naru.client.producer;

import dev.naru.client.core.HotKeys;
import dev.naru.client.core.PartitionKeys;
import dev.naru.client.core.PartitionView;
import dev.naru.client.transport.ClientLoop;
import dev.naru.client.transport.KeyReports;
import dev.naru.client.transport.Router;
import dev.naru.types.HostPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Tells leaders every few seconds which keys a producer has used most, of each partition: what one
 * partition has to do more than the others is then no riddle. Begins anew with each report, so that
 * leaders may add up what they hear. Owned by the loop.
 */
final class KeyReporter {

  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private final Supplier<Collection<TopicLanes>> topics;
  private final Router router;
  private final KeyReports reports;
  private final ClientLoop loop;
  private long sinceNanos;
  private volatile boolean isClosed; // set by whoever closes the producer, read by the loop

  KeyReporter(
      Supplier<Collection<TopicLanes>> topics, Router router, KeyReports reports, ClientLoop loop) {
    this.topics = topics;
    this.router = router;
    this.reports = reports;
    this.loop = loop;
    this.sinceNanos = loop.nanoTime();
  }

  /** Begins to tell. Any thread, once. */
  void start() {
    loop.schedule(
        INTERVAL.toNanos(),
        () -> {
          if (!isClosed) {
            report();
            start();
          }
        });
  }

  void close() {
    isClosed = true;
  }

  private void report() {
    long now = loop.nanoTime();
    long millis = Duration.ofNanos(now - sinceNanos).toMillis();
    sinceNanos = now;
    var byLeader = new HashMap<HostPort, List<PartitionKeys>>();
    for (var topic : topics.get()) {
      for (var found : take(topic, millis)) {
        leaderOf(topic, found)
            .ifPresent(to -> byLeader.computeIfAbsent(to, node -> new ArrayList<>()).add(found));
      }
    }
    byLeader.forEach(reports::send);
  }

  /** What was counted of one topic; of partitions without keys there is nothing to tell. */
  private static List<PartitionKeys> take(TopicLanes topic, long millis) {
    Map<Integer, List<HotKeys.Counted>> byPartition = new TreeMap<>();
    for (var lane : topic.lanes()) { // which share what counts: all but the first find nothing
      lane.keys()
          .take()
          .forEach(each ->
              byPartition.computeIfAbsent(each.partition(), same -> new ArrayList<>()).add(each));
    }
    var found = new ArrayList<PartitionKeys>();
    for (var lane : topic.lanes()) {
      long records = lane.queue().takeRecords();
      var keys = byPartition.get(lane.name().partition());
      if (keys != null) {
        found.add(new PartitionKeys(lane.id(), millis, records, keys));
      }
    }
    return found;
  }

  private Optional<HostPort> leaderOf(TopicLanes topic, PartitionKeys keys) {
    var view = router.view();
    return view.topic(topic.topic().name(), topic.topic().id())
        .flatMap(known -> known.partition(keys.partition().partition()))
        .flatMap(PartitionView::leader)
        .flatMap(view::address);
  }
}
