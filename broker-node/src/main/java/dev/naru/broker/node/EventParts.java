package dev.naru.broker.node;

import dev.naru.broker.eventlog.EventScribe;
import dev.naru.broker.eventlog.ScribePorts;
import dev.naru.broker.events.EventCode;
import dev.naru.broker.events.RepeatLimit;
import dev.naru.broker.loop.PartitionDirectory;
import dev.naru.broker.partition.Tenancy;
import dev.naru.broker.runtime.NodeRuntime;
import dev.naru.broker.upkeep.EventNews;
import dev.naru.broker.upkeep.EventTail;
import dev.naru.metadata.chronicle.EventId;
import dev.naru.metadata.image.TopicImage;
import dev.naru.metadata.log.MetadataLog;
import dev.naru.metadata.machine.InternalTopics;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** What a node needs to write {@code __events} where it leads that, put together. */
final class EventParts {

  private static final Logger LOG = LogManager.getLogger(EventParts.class);

  private final MetadataLog log;
  private final EventTail tail;
  private final ScribePorts ports;

  EventParts(NodeStorage storage, MetadataLog log, NodeRuntime runtime) {
    this.log = log;
    this.tail = new EventTail(storage.reads(), storage.faults());
    this.ports =
        new ScribePorts(
            log::journal,
            tail,
            tail,
            new Told(runtime.clocks().nanos()),
            runtime.clocks().wallMillis());
  }

  /** Who lives with this partition where it is led. */
  Optional<Tenancy> tenancyOf(PartitionId partition) {
    return log.applied()
        .image()
        .topic(partition.topic())
        .map(TopicImage::name)
        .filter(InternalTopics.EVENTS::equals)
        .<Tenancy>map(_ -> (led, nowNanos) -> EventScribe.begin(led, ports, nowNanos));
  }

  /** The partitions are there, and none of them has a role yet. */
  void route(PartitionDirectory directory) {
    tail.route(directory::seat);
  }

  /** Whoever tells partitions that they lead is subscribed: from now on they hear of news, too. */
  void begin(NodeId self, PartitionDirectory directory) {
    log.subscribe(new EventNews(self, directory::seat));
  }

  /** Tells people, of faults in many events once a minute. */
  private record Told(LongSupplier nanoClock, RepeatLimit faults) implements ScribePorts.Notices {

    Told(LongSupplier nanoClock) {
      this(nanoClock, new RepeatLimit());
    }

    @Override
    public void unreadable(PartitionId partition, Refused why) {
      LOG.error(
          EventCode.INTERNAL_FAULT.marker(),
          "Nothing is written into {} ({}) while this node leads it: {}",
          InternalTopics.EVENTS,
          partition,
          why);
    }

    @Override
    public void refused(PartitionId partition, Refused why) {
      LOG.info(
          "Nothing was written into {} ({}) for a minute, it is tried again: {}",
          InternalTopics.EVENTS,
          partition,
          why);
    }

    @Override
    public void unwritable(PartitionId partition, EventId event, RuntimeException fault) {
      faults
          .next(nanoClock.getAsLong())
          .ifPresent(suppressed ->
              LOG.error(
                  EventCode.INTERNAL_FAULT.marker(),
                  "Expected to tell of event {} in {} ({}), but ({} more since the last line)",
                  event,
                  InternalTopics.EVENTS,
                  partition,
                  suppressed,
                  fault));
    }
  }
}
