package dev.naru.log.store;

import dev.naru.log.recovery.DurablePoint;
import dev.naru.log.recovery.DurablePoint.LastBatch;
import dev.naru.log.segment.SegmentState;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One record of the durable-point journal. All have the same size, so that a bad one does not hide
 * the next.
 *
 * <pre>
 *  0 checksum of the rest (4)   4 kind (4)   8 topic id (16)   24 partition (4)   28 bytes of the last batch (4)
 * 32 start (8)   40 end (8)   48 base of the segment (8)   56 bytes of the segment (4)   60 epoch of the last batch (4)
 * 64 latest timestamp (8)   72 header sum (8)   80 checksum field of the last batch (4)
 * 84 records known durable (4)   88 checkpoint (4)   92 producers (4)
 * </pre>
 *
 * Known durable says how many records from the beginning of the file were on disk when this one was
 * written: what is bad among them was not torn by a crash.
 *
 * <p>Kind 1 says how far a log is durable; without a last batch its fields are zero. Kind 2 says
 * that the log was removed, kind 3 that it is damaged in the segment with this base, and where it
 * started; all their other fields but those two are zero. The checkpoint is the number of the log's
 * {@code compaction} file: one with a lower number is an old copy; kind 2 has none. Producers is 1
 * if any with numbers have written to the log, and 0 if none has.
 */
public sealed interface JournalRecord {

  int BYTES = 96;
  int POINT = 1;
  int REMOVED = 2;
  int DAMAGED = 3;
  int START = 32;
  int SEGMENT_BASE = 48;
  int KNOWN_DURABLE = 84;
  int CHECKPOINT = 88;
  int PRODUCERS = 92;

  /** Whose log. */
  PartitionId partition();

  /** The number of its compaction checkpoint; 0 if it has none. */
  int checkpoint();

  /** The same with another checkpoint. */
  JournalRecord withCheckpoint(int number);

  /** How far a log is durable. */
  record Point(DurablePoint point, int checkpoint) implements JournalRecord {
    @Override
    public PartitionId partition() {
      return point.partition();
    }

    @Override
    public Point withCheckpoint(int number) {
      return new Point(point, number);
    }
  }

  /** The log is gone, and was meant to go. */
  record Removed(PartitionId partition) implements JournalRecord {
    @Override
    public int checkpoint() {
      return 0;
    }

    @Override
    public Removed withCheckpoint(int number) {
      return this;
    }
  }

  /** The log is not to be used until it has been fetched anew. */
  record Damaged(PartitionId partition, long start, long segmentBase, int checkpoint)
      implements JournalRecord {
    @Override
    public Damaged withCheckpoint(int number) {
      return new Damaged(partition, start, segmentBase, number);
    }
  }

  /**
   * Writes the record at the position of a buffer that holds zeros.
   *
   * @param knownDurable so many records from the beginning of the file are on disk
   */
  default void writeTo(ByteBuffer buffer, int knownDurable) {
    int from = buffer.position();
    buffer.putInt(0);
    switch (this) {
      case Point(var point, _) -> {
        write(point, buffer);
        buffer.putInt(from + PRODUCERS, point.hasProducers() ? 1 : 0);
      }
      case Removed(var partition) -> write(REMOVED, partition, buffer);
      case Damaged(var partition, var start, var segmentBase, _) -> {
        write(DAMAGED, partition, buffer);
        buffer.putLong(from + START, start);
        buffer.putLong(from + SEGMENT_BASE, segmentBase);
      }
    }
    buffer.putInt(from + KNOWN_DURABLE, knownDurable).putInt(from + CHECKPOINT, checkpoint());
    buffer.position(from + BYTES);
    buffer.putInt(from, checksum(buffer, from));
  }

  private static void write(int kind, PartitionId partition, ByteBuffer buffer) {
    buffer
        .putInt(kind)
        .putLong(partition.topic().high())
        .putLong(partition.topic().low())
        .putInt(partition.partition());
  }

  private static void write(DurablePoint point, ByteBuffer buffer) {
    var last = point.last().orElse(new LastBatch(0, 0, 0));
    SegmentState state = point.state();
    write(POINT, point.partition(), buffer);
    buffer
        .putInt(last.bytes())
        .putLong(point.start())
        .putLong(state.end())
        .putLong(state.base())
        .putInt(state.bytes())
        .putInt(last.epoch())
        .putLong(state.maxTimestamp())
        .putLong(state.headerSum())
        .putInt(last.crc());
  }

  /** Reads the record at this place; empty if it is not what was written. */
  static Optional<JournalRecord> read(ByteBuffer from, int at) {
    if (from.getInt(at) != checksum(from, at)) {
      return Optional.empty();
    }
    try {
      int kind = from.getInt(at + 4);
      var topic = TopicId.of(from.getLong(at + 8), from.getLong(at + 16));
      var partition = new PartitionId(topic, from.getInt(at + 24));
      int checkpoint = from.getInt(at + CHECKPOINT);
      return switch (kind) {
        case POINT -> Optional.of(new Point(point(partition, from, at), checkpoint));
        case REMOVED -> Optional.of(new Removed(partition));
        case DAMAGED ->
            Optional.of(
                new Damaged(
                    partition,
                    from.getLong(at + START),
                    from.getLong(at + SEGMENT_BASE),
                    checkpoint));
        default -> Optional.empty();
      };
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }

  /**
   * How many records from the beginning of the file were on disk when this sound one was written.
   */
  static int knownDurable(ByteBuffer from, int at) {
    return from.getInt(at + KNOWN_DURABLE);
  }

  private static DurablePoint point(PartitionId partition, ByteBuffer from, int at) {
    var state =
        new SegmentState(
            from.getLong(at + SEGMENT_BASE),
            from.getLong(at + 40),
            from.getInt(at + 56),
            from.getLong(at + 64),
            from.getLong(at + 72));
    var last = new LastBatch(from.getInt(at + 60), from.getInt(at + 80), from.getInt(at + 28));
    return new DurablePoint(
        partition,
        from.getLong(at + START),
        state,
        last.bytes() == 0 ? Optional.empty() : Optional.of(last),
        from.getInt(at + PRODUCERS) != 0);
  }

  private static int checksum(ByteBuffer bytes, int at) {
    var crc = new CRC32C();
    crc.update(bytes.slice(at + Integer.BYTES, BYTES - Integer.BYTES));
    return (int) crc.getValue();
  }
}
