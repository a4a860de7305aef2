package dev.naru.testing.history;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * All sends of one producer, by sequence: 29 bytes each, in columns that grow by a chunk at a time.
 */
final class Session {

  private static final int CHUNK = 1024;

  /** What became of a send. */
  enum Outcome {
    /** Nothing was told of it: as good as unknown. */
    OPEN,
    OK,
    FAILED,
    UNKNOWN
  }

  private static final Outcome[] OUTCOMES = Outcome.values();
  private static final byte OPEN = 0;
  private static final byte OK = 1;
  private static final byte FAILED = 2;
  private static final byte UNKNOWN = 3;
  private static final long NO_OFFSET = -1;

  private static final class Chunk {
    final long[] invoked = new long[CHUNK];
    final long[] ended = new long[CHUNK];
    final long[] offsets = new long[CHUNK];
    final int[] partitions = new int[CHUNK];
    final byte[] outcomes = new byte[CHUNK];
  }

  private final int producer;
  private final Acks acks;
  private final boolean repeats;
  private final boolean isWhole;
  private final List<Chunk> chunks = new ArrayList<>();
  private final BitSet seen = new BitSet();
  private int count;

  Session(int producer, Acks acks, boolean repeats, boolean isWhole) {
    this.producer = producer;
    this.acks = acks;
    this.repeats = repeats;
    this.isWhole = isWhole;
  }

  // ---- as the histories are read

  /** False if sends are missing before it. */
  boolean invoked(int sequence, long atNanos) {
    if (sequence != count) {
      return false;
    }
    if (count % CHUNK == 0) {
      chunks.add(new Chunk());
    }
    count++;
    chunk(sequence).invoked[sequence % CHUNK] = atNanos;
    return true;
  }

  boolean ok(int sequence, long atNanos, int partition, long offset) {
    if (!ended(sequence, atNanos, OK)) {
      return false;
    }
    chunk(sequence).partitions[sequence % CHUNK] = partition;
    chunk(sequence).offsets[sequence % CHUNK] = offset;
    return true;
  }

  boolean okSomewhere(int sequence, long atNanos, int partition) {
    return ok(sequence, atNanos, partition, NO_OFFSET);
  }

  boolean failed(int sequence, long atNanos) {
    return ended(sequence, atNanos, FAILED);
  }

  boolean unknown(int sequence, long atNanos) {
    return ended(sequence, atNanos, UNKNOWN);
  }

  /** False if it was never sent, or has ended before. */
  private boolean ended(int sequence, long atNanos, byte outcome) {
    if (sequence >= count || chunk(sequence).outcomes[sequence % CHUNK] != OPEN) {
      return false;
    }
    chunk(sequence).ended[sequence % CHUNK] = atNanos;
    chunk(sequence).outcomes[sequence % CHUNK] = outcome;
    return true;
  }

  void seen(int sequence) {
    seen.set(sequence);
  }

  // ---- what was read

  int producer() {
    return producer;
  }

  Acks acks() {
    return acks;
  }

  /** Whether it may send a record twice. */
  boolean repeats() {
    return repeats;
  }

  /** Whether everything that it sent is known. */
  boolean isWhole() {
    return isWhole;
  }

  /** How many sends are known. */
  int count() {
    return count;
  }

  Outcome outcome(int sequence) {
    return OUTCOMES[chunk(sequence).outcomes[sequence % CHUNK]];
  }

  boolean isOk(int sequence) {
    return sequence < count && outcome(sequence) == Outcome.OK;
  }

  /** Whether it was acknowledged at this very place. */
  boolean isOkAt(int sequence, int partition, long offset) {
    return isOk(sequence) && partition(sequence) == partition && offset(sequence) == offset;
  }

  long invokedNanos(int sequence) {
    return chunk(sequence).invoked[sequence % CHUNK];
  }

  /** When its outcome was told. */
  long endedNanos(int sequence) {
    return chunk(sequence).ended[sequence % CHUNK];
  }

  boolean hasOffset(int sequence) {
    return offset(sequence) != NO_OFFSET;
  }

  long offset(int sequence) {
    return chunk(sequence).offsets[sequence % CHUNK];
  }

  /** Number of the partition, of one that was acknowledged. */
  int partition(int sequence) {
    return chunk(sequence).partitions[sequence % CHUNK];
  }

  /** Whether any reader was given it. */
  boolean wasSeen(int sequence) {
    return seen.get(sequence);
  }

  private Chunk chunk(int sequence) {
    return chunks.get(sequence / CHUNK);
  }
}
