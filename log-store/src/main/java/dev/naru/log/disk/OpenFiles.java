package dev.naru.log.disk;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Files opened for reading when they are first read, and closed, the longest unused first, when too
 * many are open. Any thread may read; a file that is being read is not closed under its reader, nor
 * is it lost to the reader when it is moved or deleted meanwhile.
 */
public final class OpenFiles implements AutoCloseable {

  private final Disk disk;
  private final int openMax;

  // Guarded by this, like the counts of readers in its values. In the order of use.
  private final LinkedHashMap<String, Held> held = new LinkedHashMap<>(16, 0.75f, true);

  /** Keeps at most about so many files of this disk open. */
  public OpenFiles(Disk disk, int openMax) {
    this.disk = disk;
    this.openMax = openMax;
  }

  /** Reads like {@link DiskFile#read}; empty when there is no such file (any more). */
  public OptionalInt read(String name, ByteBuffer into, long position) {
    Optional<Held> pinned = pin(name);
    if (pinned.isEmpty()) {
      return OptionalInt.empty();
    }
    try {
      return OptionalInt.of(pinned.get().file.read(into, position));
    } finally {
      unpin(pinned.get());
    }
  }

  /**
   * The same of a file that can be made anew: what the disk cannot give back is not there.
   *
   * @return how many bytes were read
   */
  public int readIfPossible(String name, ByteBuffer into, long position) {
    int from = into.position();
    try {
      return read(name, into, position).orElse(0);
    } catch (UnreadableException e) {
      into.position(from); // the scrubber or the next start writes it again
      return 0;
    }
  }

  /** To be called when a file, or all in a directory, have been moved or deleted. */
  public synchronized void forget(String name) {
    Iterator<Held> files = held.values().iterator();
    while (files.hasNext()) {
      Held each = files.next();
      if (each.file.name().equals(name) || each.file.name().startsWith(name + "/")) {
        files.remove();
        each.drop();
      }
    }
  }

  @Override
  public synchronized void close() {
    held.values().forEach(Held::drop);
    held.clear();
  }

  private synchronized Optional<Held> pin(String name) {
    Held known = held.get(name);
    if (known == null) {
      Optional<DiskFile> opened = disk.open(name);
      if (opened.isEmpty()) {
        return Optional.empty();
      }
      makeRoom();
      known = new Held(opened.get());
      held.put(name, known);
    }
    known.readers++;
    return Optional.of(known);
  }

  private synchronized void unpin(Held file) {
    file.readers--;
    file.closeIfUnused();
  }

  private void makeRoom() {
    Iterator<Held> eldestFirst = held.values().iterator();
    while (held.size() >= openMax && eldestFirst.hasNext()) {
      Held eldest = eldestFirst.next();
      if (eldest.readers == 0) {
        eldestFirst.remove();
        eldest.drop();
      }
    }
  }

  private static final class Held {

    final DiskFile file;
    int readers;
    private boolean dropped;

    Held(DiskFile file) {
      this.file = file;
    }

    void drop() {
      dropped = true;
      closeIfUnused();
    }

    void closeIfUnused() {
      if (dropped && readers == 0) {
        file.close();
      }
    }
  }
}
