package dev.naru.broker.upkeep;

import dev.naru.broker.loop.PartitionSeat;
import dev.naru.broker.metrics.BrokerMetric;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.broker.partition.PartitionView;
import dev.naru.broker.runtime.NodeRuntime;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.metrics.LabelledGauges;
import dev.naru.types.PartitionId;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Shows once a minute which partitions that are held here are the largest. */
public final class SizeWatch {

  private static final Duration INTERVAL = Duration.ofMinutes(1);

  /** Partitions with a series of their own: enough to find the one that stands out. */
  private static final int SERIES_MAX = 20;

  private final Supplier<Stream<Size>> sizes;
  private final Supplier<ClusterImage> image;
  private final LabelledGauges largest;

  /** What the files of a partition's log take, without their indexes. */
  record Size(PartitionId id, long bytes) {}

  /** Shows these, named by this image. */
  SizeWatch(Supplier<Stream<Size>> sizes, Supplier<ClusterImage> image, NodeMeters meters) {
    this.sizes = sizes;
    this.image = image;
    this.largest = meters.gauges(BrokerMetric.PARTITION_SIZE);
  }

  /** Shows those of the partitions in these places. */
  public static SizeWatch of(
      Supplier<Collection<PartitionSeat>> seats, Supplier<ClusterImage> image, NodeMeters meters) {
    return new SizeWatch(
        () ->
            seats.get().stream()
                .flatMap(seat -> seat.view().stream())
                .map(PartitionView::log)
                .map(log -> new Size(log.id(), log.bytes())),
        image,
        meters);
  }

  /** Begins to look. */
  public void start(NodeRuntime runtime) {
    runtime.repeat(INTERVAL, "The look at sizes", this::look);
  }

  void look() {
    var now = new HashMap<Tags, Long>();
    sizes
        .get()
        .filter(size -> size.bytes() > 0)
        .sorted(Comparator.comparingLong(Size::bytes).reversed().thenComparing(Size::id))
        .limit(SERIES_MAX)
        .forEach(size -> labels(size).ifPresent(labels -> now.put(labels, size.bytes())));
    largest.show(now);
  }

  private Optional<Tags> labels(Size size) {
    return image
        .get()
        .topic(size.id().topic())
        .map(TopicImage::name)
        .map(
            topic -> Tags.of("topic", topic, "partition", Integer.toString(size.id().partition())));
  }
}
