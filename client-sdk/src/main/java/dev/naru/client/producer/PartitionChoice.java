package dev.naru.client.producer;

import dev.naru.client.NaruException;
import dev.naru.client.Partitioner;
import dev.naru.client.Partitioning;
import dev.naru.client.ProducerConfig;
import dev.naru.client.core.KeyPartitioner;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Which partition a record goes to: the one that it names, or where its key or the application's
 * partitioner has it, or the next one in turn. Any thread asks.
 */
public final class PartitionChoice {

  private final Optional<Partitioner> partitioner;
  private final Partitioning partitioning;
  private final boolean ignoresKeys;

  /** By these settings, or by the application's own partitioner. */
  public PartitionChoice(ProducerConfig config, Optional<Partitioner> partitioner) {
    this.partitioner = partitioner;
    this.partitioning = config.partitioning();
    this.ignoresKeys = config.ignoresKeys();
  }

  /** A topic as one producer uses it. */
  public interface Partitions {

    /** Its name. */
    String name();

    /** How many there are. */
    int partitionCount();

    /** The next one in turn. */
    int nextPartition();
  }

  /** Whether it goes to whichever partition a batch is filled for now. */
  public boolean isSticky(OptionalInt named, byte @Nullable [] key) {
    return isFree(named, key) && partitioner.isEmpty() && partitioning == Partitioning.DEFAULT;
  }

  /** Whether nothing in the record itself says where it goes. */
  private boolean isFree(OptionalInt named, byte @Nullable [] key) {
    return named.isEmpty() && (key == null || ignoresKeys);
  }

  /**
   * The partition of a record that is not sticky.
   *
   * @throws NaruException if there is no such partition
   */
  public int of(Partitions topic, OptionalInt named, byte @Nullable [] key) {
    int count = topic.partitionCount();
    int partition;
    if (named.isPresent()) {
      partition = named.getAsInt();
    } else if (partitioner.isPresent()) {
      var shown = key == null ? null : ByteBuffer.wrap(key);
      partition = partitioner.get().partition(topic.name(), shown, count);
    } else if (key != null && !ignoresKeys) {
      partition = KeyPartitioner.partition(key, count);
    } else {
      partition = topic.nextPartition();
    }
    if (partition < 0 || partition >= count) {
      throw noSuchPartition(topic, count, partition);
    }
    return partition;
  }

  private static NaruException noSuchPartition(Partitions topic, int count, int partition) {
    return NaruException.of(
        new Refused(
            ErrorCode.PARTITION_NOT_FOUND,
            "Expected a partition of 0 to "
                + (count - 1)
                + " in "
                + topic.name()
                + ", but was "
                + partition));
  }

  /**
   * The one partition of records that travel together: those that do not care go with the others.
   * Empty if none of them cares and the batch may go wherever one is filled now.
   *
   * @throws NaruException with {@code INVALID_REQUEST} if they go to several
   */
  public OptionalInt ofAll(Partitions topic, List<EncodedRecord> records) {
    var found = OptionalInt.empty();
    for (var record : records) {
      if (!isFree(record.partition(), record.key())) {
        int partition = of(topic, record.partition(), record.key());
        if (found.isPresent() && found.getAsInt() != partition) {
          throw severalPartitions(topic, found.getAsInt(), partition);
        }
        found = OptionalInt.of(partition);
      }
    }
    var first = records.get(0);
    return found.isPresent() || isSticky(first.partition(), first.key())
        ? found
        : OptionalInt.of(of(topic, first.partition(), first.key()));
  }

  private static NaruException severalPartitions(Partitions topic, int one, int other) {
    return NaruException.of(
        new Refused(
            ErrorCode.INVALID_REQUEST,
            "Expected records for one partition of "
                + topic.name()
                + ", because they are stored together, but they go to "
                + one
                + " and "
                + other));
  }
}
