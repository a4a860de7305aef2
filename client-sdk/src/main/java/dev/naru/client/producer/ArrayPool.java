package dev.naru.client.producer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Arrays that batches are encoded into, used again and again: made anew, each would be zeroed first
 * and then carried about by the garbage collector until its batch is settled. They come in classes:
 * the size of a batch, twice as much and so on, up to what a batch may grow to. Other sizes are
 * made for the occasion and not kept.
 *
 * <p>Whoever takes an array has it alone until it is given back, which happens once. How many are
 * lent at a time is for the {@link MemoryBudget} to say; so that the sizes which growing batches
 * pass through need not be made each time, a little more than that may lie here.
 */
final class ArrayPool {

  private final int smallest;
  private final int largest;
  private final long bytesMax;
  private final List<ArrayDeque<byte[]>> kept = new ArrayList<>(); // by class, last in first out
  private long bytes; // synchronized guards this and the above: threads that send, and the loop

  /**
   * A pool of nothing yet.
   *
   * @param smallest bytes of the smallest class; with 0 there is none
   * @param largest most bytes of an array that is kept
   * @param bytesMax of all arrays, lent or kept; it is for kept ones to make room
   */
  ArrayPool(int smallest, int largest, long bytesMax) {
    this.smallest = smallest;
    this.largest = Math.max(smallest, largest);
    this.bytesMax = bytesMax;
    if (smallest > 0) {
      kept.add(new ArrayDeque<>());
      while (sizeOf(kept.size() - 1) < this.largest) {
        kept.add(new ArrayDeque<>());
      }
    }
  }

  /** How large the array is that so many bytes are given: their class if that is not too wide. */
  int sizeFor(int bytes) {
    if (kept.isEmpty() || bytes <= smallest / 2 || bytes > largest) {
      return bytes;
    }
    return sizeOf(classOf(bytes));
  }

  private int classOf(int bytes) {
    int index = 0;
    while (sizeOf(index) < bytes) {
      index++;
    }
    return index;
  }

  private int sizeOf(int index) {
    return (int) Math.min((long) smallest << index, largest);
  }

  /** An array of {@link #sizeFor} bytes, with anything in it. */
  byte[] take(int bytes) {
    int size = sizeFor(bytes);
    var found = poll(size);
    return found == null ? new byte[size] : found;
  }

  private synchronized byte @Nullable [] poll(int size) {
    byte[] found = isKept(size) ? kept.get(classOf(size)).pollLast() : null;
    if (found == null) {
      makeRoom(size);
      bytes += size;
    }
    return found;
  }

  private void makeRoom(int size) {
    for (int index = kept.size() - 1; index >= 0 && bytes + size > bytesMax; ) {
      byte[] dropped = kept.get(index).pollLast();
      if (dropped == null) {
        index--;
      } else {
        bytes -= dropped.length;
      }
    }
  }

  /** Takes an array back; the giver forgets about it. */
  synchronized void give(byte[] array) {
    if (isKept(array.length)) {
      kept.get(classOf(array.length)).addLast(array);
    } else {
      bytes -= array.length;
    }
  }

  private boolean isKept(int size) {
    return !kept.isEmpty() && size >= smallest && size <= largest && sizeOf(classOf(size)) == size;
  }

  /** Bytes of all arrays, lent or kept. */
  synchronized long bytes() {
    return bytes;
  }
}
