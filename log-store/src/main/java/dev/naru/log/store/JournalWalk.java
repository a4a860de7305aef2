package dev.naru.log.store;

import dev.naru.log.disk.DiskFile;
import dev.naru.log.disk.UnreadableException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Walks through a journal of durable points, in bounded memory. A record that is not what was
 * written does not hide the next: all have one size.
 *
 * <p>A crash may tear what was not forced yet, which is several writes, in any order. So a bad or
 * missing record is damage only if the head or another record says that it was on disk.
 */
public final class JournalWalk {

  /** The journal's name in its directory. */
  public static final String NAME = DurablePointJournal.NAME;

  private static final int READ_BYTES = 4096 * JournalRecord.BYTES;

  private final DiskFile file;
  private Optional<String> fault = Optional.empty();
  private final boolean hasSoundHead;
  private final ByteBuffer window;
  private long windowStart = JournalFile.HEAD_BYTES;
  private long position;
  private long nextPosition = JournalFile.HEAD_BYTES;
  private Optional<JournalRecord> record = Optional.empty();
  private OptionalLong firstBad = OptionalLong.empty();
  private long durableEnd; // up to there all was on disk, as far as has been read

  /** A walk through this file, which stays the caller's to close. */
  public JournalWalk(DiskFile file) {
    this.file = file;
    var head = ByteBuffer.allocate(JournalFile.HEAD_BYTES);
    this.hasSoundHead = read(head, 0) && JournalFile.isHead(head);
    this.durableEnd = hasSoundHead ? JournalFile.positionOf(JournalFile.firstRecords(head)) : 0;
    this.window = ByteBuffer.allocate((int) Math.min(READ_BYTES, file.size())).limit(0);
  }

  /** Whether it begins as a journal of this version does. */
  public boolean hasSoundHead() {
    return hasSoundHead;
  }

  /** Goes to the next record; false when not a whole one is left. */
  public boolean advance() {
    int at = (int) (nextPosition - windowStart);
    if (at + JournalRecord.BYTES > window.limit()) {
      windowStart = nextPosition;
      if (!read(window.clear(), windowStart)) {
        return false;
      }
      window.flip();
      at = 0;
    }
    if (at + JournalRecord.BYTES > window.limit()) {
      return false;
    }
    position = nextPosition;
    nextPosition += JournalRecord.BYTES;
    take(at);
    return true;
  }

  private void take(int at) {
    record = JournalRecord.read(window, at);
    if (record.isPresent()) {
      durableEnd =
          Math.max(durableEnd, JournalFile.positionOf(JournalRecord.knownDurable(window, at)));
    } else if (firstBad.isEmpty()) {
      firstBad = OptionalLong.of(position);
    }
  }

  private boolean read(ByteBuffer into, long from) {
    try {
      file.read(into, from);
      return true;
    } catch (UnreadableException e) {
      into.limit(0);
      fault = Optional.of(e.reason());
      return false;
    }
  }

  /** Why it ended before the file did, if the disk could not give the rest back. */
  public Optional<String> fault() {
    return fault;
  }

  /** Where the record it stands at begins. */
  public long position() {
    return position;
  }

  /** Where the record it stands at ends; before the first, where that begins. */
  public long nextPosition() {
    return nextPosition;
  }

  /** The record it stands at; empty if it is not what was written. */
  public Optional<JournalRecord> record() {
    return record;
  }

  /** Where the first record begins that is not what was written, if it has met one. */
  public OptionalLong firstBad() {
    return firstBad;
  }

  /** At the end: whether a bad or missing record had been on disk, so that no crash has torn it. */
  public boolean hasDamage() {
    return file.size() < durableEnd || firstBad.orElse(Long.MAX_VALUE) < durableEnd;
  }

  /** At the end: whether anything is bad or missing a part, torn or not. */
  boolean hasBad() {
    return firstBad.isPresent() || nextPosition < file.size();
  }

  /** At the end: whether all could be read, but for what a crash may have torn. */
  public boolean isSound() {
    return hasSoundHead && fault.isEmpty() && !hasDamage();
  }
}
