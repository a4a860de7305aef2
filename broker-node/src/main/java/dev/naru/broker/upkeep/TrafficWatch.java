package dev.naru.broker.upkeep;

import dev.naru.broker.flow.Fanout;
import dev.naru.broker.flow.PartitionLoad;
import dev.naru.broker.flow.TrafficTable;
import dev.naru.broker.flow.TrafficTable.Sample;
import dev.naru.broker.loop.PartitionSeat;
import dev.naru.broker.metrics.BrokerMetric;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.broker.partition.PartitionView;
import dev.naru.broker.runtime.NodeRuntime;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.metadata.liveness.TopicLoad;
import dev.naru.metrics.LabelledGauges;
import dev.naru.types.TopicId;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Looks every few seconds at what has come in for each partition that is led here, and tells: the
 * metrics of the busiest, whoever asks for all, and with a heartbeat now and then the controller,
 * which compares all nodes.
 */
public final class TrafficWatch {

  private static final Duration INTERVAL = Duration.ofNanos(TrafficTable.INTERVAL_NANOS);

  /** Looks from one report to the next. */
  private static final int REPORT_EVERY = 2;

  /** Partitions with a series of their own: enough to find the one that stands out. */
  private static final int SERIES_MAX = 20;

  private final Supplier<List<Sample>> counters;
  private final Supplier<ClusterImage> image;
  private final NodeMeters meters;
  private final LabelledGauges busiest;

  /** Touched by the chores' thread only. */
  private final TrafficTable table = new TrafficTable();

  private final Fanout fanout = new Fanout();

  private int looks;

  /** Written by the chores' thread, read by any. */
  private volatile List<PartitionLoad> loads = List.of();

  /** Written by the chores' thread, read by the page of metrics. */
  private volatile double fanoutRatio = Double.NaN;

  /** Put there by the chores' thread, taken by the one that sends heartbeats. */
  private final AtomicReference<List<TopicLoad>> report = new AtomicReference<>(List.of());

  /** Looks at these counters, of all partitions that are led, and names them by this image. */
  TrafficWatch(Supplier<List<Sample>> counters, Supplier<ClusterImage> image, NodeMeters meters) {
    this.counters = counters;
    this.image = image;
    this.meters = meters;
    this.busiest = meters.gauges(BrokerMetric.PARTITION_RATE);
    meters.gauge(BrokerMetric.FANOUT, Tags.empty(), () -> fanoutRatio);
  }

  /** Looks at those of these places that lead. */
  public static TrafficWatch of(
      Supplier<Collection<PartitionSeat>> seats, Supplier<ClusterImage> image, NodeMeters meters) {
    return new TrafficWatch(() -> counters(seats.get()), image, meters);
  }

  private static List<Sample> counters(Collection<PartitionSeat> seats) {
    var samples = new ArrayList<Sample>();
    for (var seat : seats) {
      seat.traffic()
          .filter(traffic -> seat.view().filter(PartitionView::isLeader).isPresent())
          .ifPresent(
              traffic -> samples.add(new Sample(seat.id(), traffic.bytes(), traffic.records())));
    }
    return samples;
  }

  /** Begins to look. */
  public void start(NodeRuntime runtime) {
    runtime.repeat(
        INTERVAL, "The look at traffic", () -> look(runtime.clocks().nanos().getAsLong()));
  }

  /** As of the last look, of all that are led here: the busiest first. */
  public List<PartitionLoad> loads() {
    return loads;
  }

  /** What the next heartbeat is to tell of topics; empty between two reports. */
  public List<TopicLoad> takeReport() {
    return report.getAndSet(List.of());
  }

  void look(long nowNanos) {
    var now = table.look(nowNanos, counters.get());
    loads = now;
    if (looks++ % REPORT_EVERY == 0) {
      report.set(byTopic(now));
    }
    fanoutRatio = fanout.look(nowNanos, meters.bytesIn(), meters.bytesOut());
    show(now);
  }

  private void show(List<PartitionLoad> now) {
    var rates = new HashMap<Tags, Double>();
    for (var load : now.subList(0, Math.min(now.size(), SERIES_MAX))) {
      if (load.minute().bytes() > 0) {
        image
            .get()
            .topic(load.id().topic())
            .map(TopicImage::name)
            .ifPresent(topic ->
                rates.put(
                    Tags.of("topic", topic, "partition", Integer.toString(load.id().partition())),
                    load.minute().bytes()));
      }
    }
    busiest.show(rates);
  }

  private static List<TopicLoad> byTopic(List<PartitionLoad> now) {
    var topics = new TreeMap<TopicId, TopicLoad>();
    for (var load : now) {
      long bytes = Math.round(load.recent().bytes());
      topics.merge(
          load.id().topic(),
          new TopicLoad(load.id().topic(), 1, bytes, bytes, load.id().partition()),
          TrafficWatch::sum);
    }
    return topics.values().stream()
        .filter(load -> load.bytesPerSecond() > 0)
        .sorted(Comparator.comparingLong(TopicLoad::bytesPerSecond).reversed())
        .limit(TopicLoad.TOPICS_MAX)
        .toList();
  }

  private static TopicLoad sum(TopicLoad one, TopicLoad other) {
    var busier = other.busiestBytesPerSecond() > one.busiestBytesPerSecond() ? other : one;
    return new TopicLoad(
        one.topic(),
        one.partitionsLed() + other.partitionsLed(),
        one.bytesPerSecond() + other.bytesPerSecond(),
        busier.busiestBytesPerSecond(),
        busier.busiestPartition());
  }
}
