package dev.naru.client.mock;

import dev.naru.client.core.PartitionView;
import dev.naru.client.core.TopicView;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A topic of a cluster in memory. Guarded by its cluster. */
final class MockTopic {

  /** What topics have by default. */
  private static final int MESSAGE_BYTES_MAX = 1 << 20;

  private static final PartitionView LED =
      new PartitionView(Optional.of(new NodeId(1)), LeaderEpoch.ZERO);

  private final String name;
  private final TopicId id;
  private final List<MockLog> logs = new ArrayList<>();

  MockTopic(String name, TopicId id, int partitions) {
    this.name = name;
    this.id = id;
    growTo(partitions);
  }

  void growTo(int partitions) {
    if (partitions < logs.size() || partitions < 1) {
      throw new IllegalArgumentException(
          "Expected at least "
              + Math.max(logs.size(), 1)
              + " partitions of "
              + name
              + ", but was "
              + partitions);
    }
    while (logs.size() < partitions) {
      logs.add(new MockLog());
    }
  }

  TopicId id() {
    return id;
  }

  List<MockLog> logs() {
    return logs;
  }

  TopicView view() {
    return new TopicView(
        name, id, MESSAGE_BYTES_MAX, Stream.generate(() -> LED).limit(logs.size()).toList());
  }
}
