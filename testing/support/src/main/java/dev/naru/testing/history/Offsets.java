package dev.naru.testing.history;

import java.util.Arrays;
import java.util.TreeMap;

/**
 * The version order of one partition: which value is at which offset, and who said so first. 10
 * bytes an offset, and a bit.
 */
final class Offsets {

  /** Nobody said anything. */
  static final long NOTHING = -1;

  /** Something that was never sent. */
  static final long ALTERED = -2;

  private static final int CHUNK = 4096;

  private static final class Chunk {
    final long[] values = new long[CHUNK];
    final short[] sources = new short[CHUNK];
    final long[] read = new long[CHUNK / Long.SIZE]; // a bit an offset

    Chunk() {
      Arrays.fill(values, NOTHING);
    }
  }

  /** What is done with each value. */
  @FunctionalInterface
  interface Visitor {
    void visit(long offset, long value);
  }

  private final TreeMap<Long, Chunk> chunks = new TreeMap<>();
  private long count;

  /** Takes it down unless there is a value: the first one counts. */
  void note(long offset, long value, int source) {
    var chunk = chunks.computeIfAbsent(offset / CHUNK, _ -> new Chunk());
    int at = (int) (offset % CHUNK);
    if (chunk.values[at] == NOTHING) {
      chunk.values[at] = value;
      chunk.sources[at] = (short) source;
      count++;
    }
  }

  /** A reader was given it at the very end. */
  void noteReadAtTheEnd(long offset) {
    var chunk = chunks.computeIfAbsent(offset / CHUNK, _ -> new Chunk());
    int at = (int) (offset % CHUNK);
    chunk.read[at / Long.SIZE] |= 1L << (at % Long.SIZE);
  }

  boolean wasReadAtTheEnd(long offset) {
    var chunk = chunks.get(offset / CHUNK);
    int at = (int) (offset % CHUNK);
    return chunk != null && (chunk.read[at / Long.SIZE] & 1L << (at % Long.SIZE)) != 0;
  }

  long value(long offset) {
    var chunk = chunks.get(offset / CHUNK);
    return chunk == null ? NOTHING : chunk.values[(int) (offset % CHUNK)];
  }

  int source(long offset) {
    var chunk = chunks.get(offset / CHUNK);
    return chunk == null ? 0 : chunk.sources[(int) (offset % CHUNK)];
  }

  /** How many offsets have a value. */
  long count() {
    return count;
  }

  void forEachUp(Visitor visitor) {
    chunks.forEach((number, chunk) -> {
      for (int at = 0; at < CHUNK; at++) {
        visit(number, chunk, at, visitor);
      }
    });
  }

  void forEachDown(Visitor visitor) {
    chunks
        .descendingMap()
        .forEach((number, chunk) -> {
          for (int at = CHUNK - 1; at >= 0; at--) {
            visit(number, chunk, at, visitor);
          }
        });
  }

  private static void visit(long number, Chunk chunk, int at, Visitor visitor) {
    if (chunk.values[at] != NOTHING) {
      visitor.visit(number * CHUNK + at, chunk.values[at]);
    }
  }

  /** A value of this table, for people. */
  static String text(long value) {
    if (value == NOTHING) {
      return "nothing";
    }
    return value == ALTERED ? "a record nobody sent" : Value.unpacked(value).toString();
  }
}
