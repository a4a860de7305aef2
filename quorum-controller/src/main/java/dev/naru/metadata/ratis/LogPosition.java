package dev.naru.metadata.ratis;

/**
 * A place in the metadata log.
 *
 * @param term of the leader that appended there
 * @param index of the entry, from 0 on; the entry 0 is Raft's own, and holds no command
 */
public record LogPosition(long term, long index) {

  /** Before the first command. */
  static final LogPosition START = new LogPosition(0, 0);

  @Override
  public String toString() {
    return "entry " + index + " of term " + term;
  }
}
