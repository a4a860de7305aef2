package dev.naru.metadata.ratis;

import dev.naru.metadata.log.MetadataLogException;
import dev.naru.types.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * How far the log of this node has reached, in the file {@code log-reach} beside it. A log whose
 * end was cut off between two entries, or whose newest file is gone, reads like a shorter one: a
 * node alone would have lost topics without a word, and a voter would have forgotten what it had
 * promised. Here it says otherwise.
 *
 * <p>The file has two slots that are overwritten in turn, so that a write that was torn costs no
 * more than the newest. A process that is killed leaves what it noted last; a power cut, what was
 * {@linkplain #force forced} last.
 */
final class LogReach implements AutoCloseable {

  static final String NAME = "log-reach";
  private static final int SLOTS = 2;

  /** The index, {@link #MARK}, and the CRC-32C of both. */
  static final int SLOT_BYTES = 16;

  /** Tells a slot from whatever else might have a sound checksum: "rch1". */
  private static final int MARK = 0x72636831;

  private static final int CHECKED_BYTES = Long.BYTES + Integer.BYTES;

  private final Path file;

  // After the start guarded by this.
  private long noted;
  private int newest;
  private boolean isForced = true;
  private boolean isClosed;
  private @Nullable FileChannel channel;

  private LogReach(Path file) {
    this.file = file;
  }

  /** What a metadata directory says. A damaged slot says nothing, and is written anew. */
  static LogReach of(Path metadataDirectory) throws MetadataLogException {
    var reach = new LogReach(metadataDirectory.resolve(NAME));
    try (var stored = Files.newInputStream(reach.file)) {
      reach.read(ByteBuffer.wrap(stored.readNBytes(SLOTS * SLOT_BYTES)));
    } catch (NoSuchFileException nothingSaid) {
      // a new directory, or an old one without it
    } catch (IOException e) {
      throw new MetadataLogException(
          ErrorCode.STORAGE_FAILED,
          "Expected to read " + reach.file + ", but: " + e.getMessage(),
          e);
    }
    return reach;
  }

  private void read(ByteBuffer slots) {
    for (int slot = 0; slots.remaining() >= SLOT_BYTES; slot++) {
      long index = slots.getLong();
      int mark = slots.getInt();
      int checksum = slots.getInt();
      if (mark == MARK && checksum == checksum(index) && index > noted) {
        noted = index;
        newest = slot;
      }
    }
  }

  private static int checksum(long index) {
    var checked = ByteBuffer.allocate(CHECKED_BYTES).putLong(index).putInt(MARK).flip();
    var checksum = new CRC32C();
    checksum.update(checked);
    return (int) checksum.getValue();
  }

  /** The greatest index noted; empty if none is. */
  synchronized OptionalLong noted() {
    return noted == 0 ? OptionalLong.empty() : OptionalLong.of(noted);
  }

  /**
   * Writes down an index, if none as great was noted. Does not wait for the disk.
   *
   * @param index of an entry that is committed and forced, which nobody ever takes back
   */
  synchronized void note(long index) {
    if (index <= noted || isClosed) {
      return;
    }
    int older = (newest + 1) % SLOTS;
    var slot = ByteBuffer.allocate(SLOT_BYTES).putLong(index).putInt(MARK).putInt(checksum(index));
    try {
      open().write(slot.flip(), (long) older * SLOT_BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to write " + file + ", but: " + e.getMessage(), e);
    }
    noted = index;
    newest = older;
    isForced = false;
  }

  private FileChannel open() throws IOException {
    var open = channel;
    if (open == null) {
      if (!Files.exists(file) || Files.size(file) != SLOTS * SLOT_BYTES) {
        DurableFiles.replace(file, new byte[SLOTS * SLOT_BYTES]);
      }
      open = FileChannel.open(file, StandardOpenOption.WRITE);
      channel = open;
    }
    return open;
  }

  /** Makes the file, so that no note waits for the disk. */
  synchronized void prepare() {
    try {
      var _ = open();
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to write " + file + ", but: " + e.getMessage(), e);
    }
  }

  /** Returns when what was noted before would survive a power cut; notes go on meanwhile. */
  void force() {
    FileChannel open;
    long before;
    synchronized (this) {
      if (channel == null || isForced || isClosed) {
        return;
      }
      open = channel;
      before = noted;
    }
    try {
      open.force(false);
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to force " + file + ", but: " + e.getMessage(), e);
    }
    synchronized (this) {
      isForced = noted == before;
    }
  }

  /**
   * Refuses a log that ends earlier than it did once.
   *
   * @param end the last entry that the log or a snapshot has
   */
  synchronized void refuseShorter(long end) throws MetadataLogException {
    if (end < noted) {
      throw StartFault.damaged(
          "Expected the metadata log in "
              + file.getParent()
              + " to reach entry "
              + noted
              + ", as it did once ("
              + NAME
              + "), but it ends at entry "
              + end);
    }
  }

  /** Notes nothing any more. */
  @Override
  public synchronized void close() {
    isClosed = true;
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to close " + file + ", but: " + e.getMessage(), e);
    }
  }
}
