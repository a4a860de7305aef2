package dev.naru.log.disk;

import java.nio.ByteBuffer;

/**
 * An open file. One thread writes; any thread may read what was written before it learned of it.
 * Every method throws {@link StorageException} when the machine fails.
 */
public interface DiskFile extends AutoCloseable {

  /** Its name on its disk. */
  String name();

  /** Writes all that remains in the buffer, at this position. */
  void write(ByteBuffer bytes, long position);

  /**
   * Reads until the buffer is full or the file ends; says how many bytes that were.
   *
   * @throws UnreadableException if the disk cannot give these bytes back
   */
  int read(ByteBuffer into, long position);

  /**
   * Has the system begin to write these bytes, which are in the file, so that a later force has
   * less to do. Promises nothing, does not wait for them, and never fails.
   */
  default void startWriting(long position, long bytes) {}

  /** Makes bytes and length durable. Never called again after it has failed. */
  void force();

  /** Cuts the file; it must be at least so long. */
  void truncate(long size);

  /** Its length. */
  long size();

  @Override
  void close();
}
