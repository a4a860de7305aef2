package dev.naru.client.core;

import dev.naru.record.Murmur2;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The frequent keys of a topic, counted in little memory, whatever number of keys there are: the
 * Space-Saving sketch of Metwally, Agrawal and El Abbadi. It has a place for each of {@value
 * #KEYS_MAX} keys. A key that has none takes the place of the one that was counted least, and its
 * count along, as an error: it may have come before, when it had no place.
 *
 * <p>So a count is never too low, and too high by its error at most; no error is greater than all
 * that was counted, divided by the number of places; and a key that came more often than that has a
 * place. Owned by one thread at a time.
 */
public final class HotKeys {

  /** So many keys have places: each with more than a thirty-second of all records is found. */
  public static final int KEYS_MAX = 32;

  /** More of a key tells nobody more. */
  private static final int SHOWN_BYTES_MAX = 64;

  private final boolean showsKeys;
  private final long[] hashes = new long[KEYS_MAX];
  private final int[] partitions = new int[KEYS_MAX];
  private final long[] counts = new long[KEYS_MAX];
  private final long[] errors = new long[KEYS_MAX];
  private final byte[] @Nullable [] shown = new byte[KEYS_MAX][];
  private int size;

  /**
   * No key yet.
   *
   * @param showsKeys whether keys are kept beside their hashes
   */
  public HotKeys(boolean showsKeys) {
    this.showsKeys = showsKeys;
  }

  /** So many more records of this partition have this key. */
  public void count(int partition, byte[] key, long records) {
    long hash = Murmur2.hash64(key);
    for (int i = 0; i < size; i++) {
      if (hashes[i] == hash && partitions[i] == partition) {
        counts[i] += records;
        return;
      }
    }
    int place = size < KEYS_MAX ? size++ : leastCounted();
    hashes[place] = hash;
    partitions[place] = partition;
    errors[place] = counts[place];
    counts[place] += records;
    shown[place] = showsKeys ? Arrays.copyOf(key, Math.min(key.length, SHOWN_BYTES_MAX)) : null;
  }

  private int leastCounted() {
    int least = 0;
    for (int i = 1; i < KEYS_MAX; i++) {
      if (counts[i] < counts[least]) {
        least = i;
      }
    }
    return least;
  }

  /** Whether nothing was counted since the beginning. */
  public boolean isEmpty() {
    return size == 0;
  }

  /** What was counted, the most frequent first; and begins anew. */
  public List<Counted> take() {
    var taken = new ArrayList<Counted>(size);
    for (int i = 0; i < size; i++) {
      taken.add(
          new Counted(
              partitions[i], hashes[i], Optional.ofNullable(shown[i]), counts[i], errors[i]));
    }
    taken.sort(
        Comparator.comparingLong(Counted::count)
            .reversed()
            .thenComparingInt(Counted::partition)
            .thenComparingLong(Counted::hash));
    Arrays.fill(counts, 0);
    Arrays.fill(shown, null);
    size = 0;
    return taken;
  }

  /**
   * A key and how often it came.
   *
   * @param hash as {@link Murmur2#hash64} has it
   * @param key its first bytes, if it may be shown
   * @param count not below the truth
   * @param error by how much the count may be too high
   */
  public record Counted(int partition, long hash, Optional<byte[]> key, long count, long error) {}
}
