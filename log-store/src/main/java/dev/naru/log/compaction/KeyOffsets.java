package dev.naru.log.compaction;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
 * lie outside the heap, until this is closed: in a heap that is not much larger, each collection
 * would move all of them, and every request of the node would wait for it. Owned by one thread.
 */
public final class KeyOffsets implements AutoCloseable {

  /** Two halves of a hash and an offset. */
  public static final int BYTES_PER_SLOT = 3 * Long.BYTES;

  /** Fuller, and a search would walk far. */
  private static final double FILL_MAX = 0.8;

  private static final int LOW = Long.BYTES;
  private static final int OFFSET = 2 * Long.BYTES; // one more than it; 0 where there is no key
  private static final int HASH_BYTES = 32;

  private final MessageDigest sha256;
  private final byte[] salt;
  private final byte[] hash = new byte[HASH_BYTES];
  private final ByteBuffer hashed = ByteBuffer.wrap(hash).order(ByteOrder.BIG_ENDIAN);
  private final Arena memory = Arena.ofConfined();
  private final MemorySegment table;
  private final long slots;
  private final long capacity;
  private long size;

  /**
   * An empty map.
   *
   * @param bytesMax how much memory it may take
   * @param keysMax there will never be more
   * @param salt unknown to whoever chooses the keys
   * @throws KeyMemoryException if the machine has not so much
   */
  public KeyOffsets(long bytesMax, long keysMax, byte[] salt) {
    long wanted = (long) (Math.max(keysMax, 1) / FILL_MAX) + 1;
    long allowed = Math.max(bytesMax / BYTES_PER_SLOT, 2);
    this.slots = Math.min(wanted, allowed);
    this.capacity = Math.max((long) (slots * FILL_MAX), 1);
    this.salt = salt.clone();
    this.table = allocate(slots * BYTES_PER_SLOT);
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Expected every JDK to know SHA-256", e);
    }
  }

  /** An error would end the node, which can do without compaction for a while. */
  private MemorySegment allocate(long bytes) {
    try {
      return memory.allocate(bytes, Long.BYTES);
    } catch (OutOfMemoryError none) {
      memory.close();
      throw new KeyMemoryException(bytes, none);
    }
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
    long at = find(key, from, length);
    long known = table.get(JAVA_LONG, at + OFFSET);
    if (known == 0) {
      if (size == capacity) {
        throw new IllegalStateException(
            "Expected room for another key, but there are " + capacity + " already");
      }
      size++;
      table.set(JAVA_LONG, at, hashed.getLong(0));
      table.set(JAVA_LONG, at + LOW, hashed.getLong(LOW));
    }
    table.set(JAVA_LONG, at + OFFSET, Math.max(known, offset + 1));
  }

  /** Whether a greater offset of this key was noted. */
  public boolean hasNewer(byte[] key, int from, int length, long offset) {
    return table.get(JAVA_LONG, find(key, from, length) + OFFSET) > offset + 1;
  }

  /** Where the slot of this key begins, or of the free one where it belongs. */
  private long find(byte[] key, int from, int length) {
    hash(key, from, length);
    long high = hashed.getLong(0);
    long low = hashed.getLong(LOW);
    long slot = Long.remainderUnsigned(high, slots);
    while (true) {
      long at = slot * BYTES_PER_SLOT;
      if (table.get(JAVA_LONG, at + OFFSET) == 0
          || (table.get(JAVA_LONG, at) == high && table.get(JAVA_LONG, at + LOW) == low)) {
        return at; // ends: there always is a free one
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

  /** Gives the memory back. */
  @Override
  public void close() {
    memory.close();
  }
}
