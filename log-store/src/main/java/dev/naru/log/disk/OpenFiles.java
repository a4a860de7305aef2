package dev.naru.log.disk;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Files opened for reading when they are first read, and closed, the longest unused first, when too
 * many are open. Any thread may read; a file that is being read is not closed under its reader, nor
 * is it lost to the reader when it is moved or deleted meanwhile.
 */
public final class OpenFiles implements AutoCloseable {

  /** Tells whether a file is the one that is meant. Equal ones mean the same file. */
  @FunctionalInterface
  public interface Recognition {

    /** Believes the name. */
    Recognition BY_NAME = file -> Optional.empty();

    /** Why it is not, if it is not; with little reading. */
    Optional<String> whatIsWrongWith(DiskFile file);
  }

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
    return read(name, into, position, Recognition.BY_NAME);
  }

  /** The same, after a look whether it is that file, once each time it has been opened. */
  public OptionalInt read(String name, ByteBuffer into, long position, Recognition recognition) {
    int from = into.position();
    try {
      return readOnce(name, into, position, recognition);
    } catch (ClosedFileException e) {
      // A reader was interrupted, this one or another, and that has closed what they share. One
      // that is interrupted would close the next file too, so it hears of that after the read.
      boolean wasInterrupted = Thread.interrupted();
      try {
        return readOnce(name, into.position(from), position, recognition);
      } finally {
        if (wasInterrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  private OptionalInt readOnce(
      String name, ByteBuffer into, long position, Recognition recognition) {
    Optional<Held> pinned = pin(name);
    if (pinned.isEmpty()) {
      return OptionalInt.empty();
    }
    try {
      recognize(pinned.get(), recognition);
      return OptionalInt.of(pinned.get().file.read(into, position));
    } catch (ClosedFileException e) {
      forget(pinned.get());
      throw e;
    } finally {
      unpin(pinned.get());
    }
  }

  /** A reader that still means the file which had the name before must not take this one for it. */
  private void recognize(Held held, Recognition recognition) {
    if (recognition.equals(Recognition.BY_NAME) || held.recognizedAs.contains(recognition)) {
      return;
    }
    Optional<String> wrong = recognition.whatIsWrongWith(held.file);
    if (wrong.isPresent()) {
      throw new UnreadableException(disk.location(), held.file.name(), wrong.get());
    }
    held.isRecognizedAs(recognition);
  }

  /**
   * Reads of a file that can be made anew: what the disk cannot give back is not there.
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

  private synchronized void forget(Held closed) {
    if (held.remove(closed.file.name(), closed)) { // unless somebody has opened it anew
      closed.drop();
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

    private static final int RECOGNIZED_MAX = 4;

    final DiskFile file;
    int readers;
    volatile Set<Recognition> recognizedAs = Set.of(); // whoever reads first finds out; two may
    private boolean dropped;

    Held(DiskFile file) {
      this.file = file;
    }

    /** Two after a cut, seldom more: the segment as it was, and as it was closed again. */
    void isRecognizedAs(Recognition one) {
      var known = recognizedAs;
      recognizedAs =
          known.size() < RECOGNIZED_MAX
              ? Stream.concat(known.stream(), Stream.of(one))
                  .collect(Collectors.toUnmodifiableSet())
              : Set.of(one);
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
