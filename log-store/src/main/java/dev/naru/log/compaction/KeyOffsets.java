package dev.naru.log.compaction;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The newest offset of each key in a part of a log, in memory that is bounded before it begins. Not
 * the key is kept but 128 bits of its SHA-256 with a salt: two of a billion keys agree in those
 * with a chance of one in 10<sup>20</sup>, and who does not know the salt cannot look for such two.
 *
 * <p>Open addressing: a key sits in the first free slot from where its hash points on. The slots
 * lie in many small arrays, so that a heap that is not much larger than the map can hold it. Owned
 * by one thread.
 */
public final class KeyOffsets {

  /** Two halves of a hash and an offset. */
  public static final int BYTES_PER_SLOT = 3 * Long.BYTES;

  /** Fuller, and a search would walk far. */
  private static final double FILL_MAX = 0.8;

  private static final int PAGE_BITS = 13;
  private static final int PAGE_SLOTS = 1 << PAGE_BITS; // 192 KiB: of no size that a heap minds
  private static final int HASH_BYTES = 32;

  private final MessageDigest sha256;
  private final byte[] salt;
  private final byte[] hash = new byte[HASH_BYTES];
  private final ByteBuffer hashed = ByteBuffer.wrap(hash).order(ByteOrder.BIG_ENDIAN);
  private final long[][] pages;
  private final long slots;
  private final long capacity;
  private long size;

  /**
   * An empty map.
   *
   * @param bytesMax how much memory it may take
   * @param keysMax there will never be more
   * @param salt unknown to whoever chooses the keys
   */
  public KeyOffsets(long bytesMax, long keysMax, byte[] salt) {
    long wanted = (long) (Math.max(keysMax, 1) / FILL_MAX) + 1;
    long allowed = Math.max(bytesMax / BYTES_PER_SLOT, 2);
    this.slots = Math.min(wanted, allowed);
    this.capacity = Math.max((long) (slots * FILL_MAX), 1);
    this.salt = salt.clone();
    this.pages = pages(slots);
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Expected every JDK to know SHA-256", e);
    }
  }

  private static long[][] pages(long slots) {
    var pages = new long[(int) ((slots + PAGE_SLOTS - 1) >>> PAGE_BITS)][];
    for (int i = 0; i < pages.length; i++) {
      long left = slots - ((long) i << PAGE_BITS);
      pages[i] = new long[3 * (int) Math.min(left, PAGE_SLOTS)];
    }
    return pages;
  }

  /** How many more keys it takes for certain. */
  public long room() {
    return capacity - size;
  }

  /** How many keys it can hold. */
  public long capacity() {
    return capacity;
  }

  /** How many keys it holds. */
  public long size() {
    return size;
  }

  /** Notes an offset of a key, which counts unless a greater one is known. There must be room. */
  public void put(byte[] key, int from, int length, long offset) {
    long slot = find(key, from, length);
    long[] page = pages[(int) (slot >>> PAGE_BITS)];
    int at = 3 * (int) (slot & (PAGE_SLOTS - 1));
    if (page[at + 2] == 0) {
      if (size == capacity) {
        throw new IllegalStateException(
            "Expected room for another key, but there are " + capacity + " already");
      }
      size++;
      page[at] = hashed.getLong(0);
      page[at + 1] = hashed.getLong(Long.BYTES);
    }
    page[at + 2] = Math.max(page[at + 2], offset + 1);
  }

  /** Whether a greater offset of this key was noted. */
  public boolean hasNewer(byte[] key, int from, int length, long offset) {
    long slot = find(key, from, length);
    return pages[(int) (slot >>> PAGE_BITS)][3 * (int) (slot & (PAGE_SLOTS - 1)) + 2] > offset + 1;
  }

  /** The slot of this key, or the free one where it belongs. */
  private long find(byte[] key, int from, int length) {
    hash(key, from, length);
    long high = hashed.getLong(0);
    long low = hashed.getLong(Long.BYTES);
    long slot = Long.remainderUnsigned(high, slots);
    while (true) {
      long[] page = pages[(int) (slot >>> PAGE_BITS)];
      int at = 3 * (int) (slot & (PAGE_SLOTS - 1));
      if (page[at + 2] == 0 || (page[at] == high && page[at + 1] == low)) {
        return slot; // ends: there always is a free one
      }
      slot = slot + 1 == slots ? 0 : slot + 1;
    }
  }

  private void hash(byte[] key, int from, int length) {
    sha256.update(salt);
    sha256.update(key, from, length);
    try {
      sha256.digest(hash, 0, HASH_BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException("Expected 32 bytes to be room for a SHA-256", e);
    }
  }
}
