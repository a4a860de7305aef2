package dev.naru.testing.history;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Something that must not be.
 *
 * @param offset where, if at one place
 * @param leaderEpoch of the record there, if known
 * @param nearest the fault nearest in time, if the time of it is known
 */
public record Anomaly(
    Kind kind,
    PartitionName partition,
    OptionalLong offset,
    OptionalInt leaderEpoch,
    String what,
    Optional<String> nearest) {

  /** What can be wrong. */
  public enum Kind {
    /** Two values were seen at one offset. */
    INCONSISTENT_OFFSET(true),
    /** An offset below the high watermark holds no record, and nothing says why. */
    UNEXPLAINED_GAP(true),
    /** A record whose payload was never sent. */
    ALTERED(false),
    /** Acknowledged with all replicas, and gone. */
    LOST_WRITE(true),
    /** A record was seen whose send had failed. */
    FAILED_READ(false),
    /** A record was seen before anybody sent it. */
    EARLY_READ(false),
    /** A value that no client sent. */
    UNKNOWN_VALUE(false),
    /** A record that was sent once is there twice. */
    DUPLICATE(false),
    /** A producer's records are not in the order in which it sent them. */
    SESSION_ORDER(false),
    /** A record sent after another one was acknowledged comes before it. */
    REAL_TIME_ORDER(true),
    /** A reader was not given a record. */
    POLL_SKIPPED(true),
    /** A reader was given a record again, or an earlier one. */
    POLL_BACKWARD(true),
    /** Replicas hold different bytes, or one does not hold what it must. */
    DIVERGENCE(false),
    /** A file is not as its format says. */
    DAMAGED_FILE(false),
    /** A record of an earlier leadership after one of a later one. */
    EPOCH_ORDER(false),
    /** The high watermark was seen to fall. */
    WATERMARK_FELL(true),
    /** The log start was seen to fall. */
    LOG_START_FELL(true),
    /** Nothing could be written although nothing was broken. */
    NOT_ALIVE(false),
    /** A reader that had the time did not come to the end. */
    UNREAD(false),
    /** Two members of a group had a partition at the same time. */
    TWO_OWNERS(false),
    /** A group is found, or goes on, below what was committed, or commits less than before. */
    COMMIT_LOST(true),
    /** A group is found, or goes on, above everything that anybody committed. */
    COMMIT_UNKNOWN(false),
    /** A record below what a group has committed was never given to any member. */
    NEVER_GIVEN(true);

    private final boolean followsFromLoss;

    Kind(boolean followsFromLoss) {
      this.followsFromLoss = followsFromLoss;
    }

    /** Whether it is counted only where losses are. */
    boolean followsFromLoss() {
      return followsFromLoss;
    }
  }

  /** One line. */
  @Override
  public String toString() {
    var line = new StringBuilder().append(kind).append(' ').append(partition);
    offset.ifPresent(at -> line.append('@').append(at));
    leaderEpoch.ifPresent(epoch -> line.append(" epoch ").append(epoch));
    line.append(": ").append(what);
    nearest.ifPresent(incident -> line.append(" (nearest fault: ").append(incident).append(')'));
    return line.toString();
  }
}
