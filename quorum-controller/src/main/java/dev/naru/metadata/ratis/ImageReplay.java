package dev.naru.metadata.ratis;

import dev.naru.metadata.codec.NewerRulesException;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;

/**
 * Applies entries to an image as a node does: those that are known to be committed, and no others,
 * since a leader may yet have put something else in their place. Raft notes in the log itself how
 * far that is; what comes before the next such note waits for it.
 *
 * <p>Belongs to one thread.
 */
final class ImageReplay {

  private final boolean isToCommitted;
  private final Queue<LogEntryProto> waiting = new ArrayDeque<>(); // bounded by the log
  private ClusterImage image;
  private LogPosition at;
  private long committed;
  private long limit;
  private Optional<Refused> fault = Optional.empty();

  /**
   * Begins with a snapshot, or with nothing.
   *
   * @param committed this and all before it is known to be committed
   * @param through apply up to this entry, whatever is committed
   */
  ImageReplay(ClusterImage image, LogPosition at, long committed, OptionalLong through) {
    this.image = image;
    this.at = at;
    this.committed = committed;
    this.limit = through.orElse(committed);
    this.isToCommitted = through.isEmpty();
  }

  /** The next entry of the log. */
  void take(LogEntryProto entry) {
    if (entry.hasMetadataEntry()) {
      committed = Math.max(committed, entry.getMetadataEntry().getCommitIndex());
      limit = isToCommitted ? committed : limit;
    }
    boolean isWanted = isToCommitted || entry.getIndex() <= limit;
    if (isWanted && entry.getIndex() > at.index() && fault.isEmpty()) {
      waiting.add(entry);
    }
    while (fault.isEmpty() && !waiting.isEmpty() && waiting.element().getIndex() <= limit) {
      apply(waiting.remove());
    }
  }

  private void apply(LogEntryProto entry) {
    if (entry.getIndex() != at.index() + 1) {
      fault =
          corrupt(
              "Expected the log to go on after %s, where the snapshot ends, but it begins with entry %s"
                  .formatted(at, entry.getIndex()));
      return;
    }
    try {
      if (entry.hasStateMachineLogEntry()) {
        image =
            AppliedEntry.of(image, entry, ClusterImage.METADATA_VERSION_LATEST)
                .transition()
                .image();
      }
      at = new LogPosition(entry.getTerm(), entry.getIndex());
    } catch (NewerRulesException e) {
      fault =
          Optional.of(new Refused(ErrorCode.UNSUPPORTED_VERSION, String.valueOf(e.getMessage())));
    } catch (RuntimeException e) { // a node would end, so this is what somebody is looking for
      fault = corrupt("Expected to apply entry " + entry.getIndex() + ", but: " + e);
    }
  }

  private static Optional<Refused> corrupt(String reason) {
    return Optional.of(new Refused(ErrorCode.CORRUPT_LOG, reason));
  }

  ClusterImage image() {
    return image;
  }

  /** The last entry that the image holds. */
  LogPosition at() {
    return at;
  }

  /** Up to here the log is known to be committed. */
  long committed() {
    return committed;
  }

  /** Why it went no further. */
  Optional<Refused> fault() {
    return fault;
  }
}
