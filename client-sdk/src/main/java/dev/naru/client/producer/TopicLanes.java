package dev.naru.client.producer;

import dev.naru.client.core.StickyPartitioner;
import dev.naru.client.core.TopicView;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A topic as one producer uses it: a lane for each partition, and where records without a key go
 * next.
 */
final class TopicLanes implements PartitionChoice.Partitions {

  private final TopicView topic;
  private final List<Lane> lanes;
  private final List<Turn> turns;
  private final StickyPartitioner sticky;
  private final AtomicInteger roundRobin;

  TopicLanes(
      TopicView topic, List<Lane> lanes, List<Turn> turns, StickyPartitioner sticky, int first) {
    this.topic = topic;
    this.lanes = List.copyOf(lanes);
    this.turns = List.copyOf(turns);
    this.sticky = sticky;
    this.roundRobin = new AtomicInteger(first);
  }

  TopicView topic() {
    return topic;
  }

  @Override
  public String name() {
    return topic.name();
  }

  @Override
  public int partitionCount() {
    return lanes.size();
  }

  /** Whether there is no such partition, as far as this knows. */
  boolean lacks(OptionalInt partition) {
    return partition.isPresent() && partition.getAsInt() >= lanes.size();
  }

  List<Lane> lanes() {
    return lanes;
  }

  Lane lane(int partition) {
    return lanes.get(partition);
  }

  Turn turn(int partition) {
    return turns.get(partition);
  }

  /** The partition that keyless records stick to now. */
  int stickyPartition() {
    return sticky.current();
  }

  @Override
  public int nextPartition() {
    return Math.floorMod(roundRobin.getAndIncrement(), lanes.size());
  }
}
