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
 * lent at a time is for the {@link MemoryBudget} to say. Those that are lent and those that are
 * kept are never more, together, than once were lent: where one must be made, kept ones make room.
 */
final class ArrayPool {

  private final int smallest;
  private final int largest;
  private final List<ArrayDeque<byte[]>> kept = new ArrayList<>(); // by class, last in first out
  private long keptBytes; // synchronized guards this and the above: threads that send, and the loop

  /** Keeps arrays of at least and at most so many bytes; none if the former is 0. */
  ArrayPool(int smallest, int largest) {
    this.smallest = smallest;
    this.largest = Math.max(smallest, largest);
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
    var found = isKept(size) ? kept.get(classOf(size)).pollLast() : null;
    if (found != null) {
      keptBytes -= found.length;
      return found;
    }
    for (int index = kept.size() - 1, made = 0; index >= 0 && made < size; ) {
      var dropped = kept.get(index).pollLast();
      if (dropped == null) {
        index--;
      } else {
        keptBytes -= dropped.length;
        made += dropped.length;
      }
    }
    return null;
  }

  /** Takes an array back; the giver forgets about it. */
  synchronized void give(byte[] array) {
    if (isKept(array.length)) {
      kept.get(classOf(array.length)).addLast(array);
      keptBytes += array.length;
    }
  }

  private boolean isKept(int size) {
    return !kept.isEmpty() && size >= smallest && size <= largest && sizeOf(classOf(size)) == size;
  }

  /** Bytes that lie here unused. */
  synchronized long keptBytes() {
    return keptBytes;
  }
}
