package dev.naru.log.store;

import dev.naru.log.LogView;
import dev.naru.log.PartitionLog;
import dev.naru.log.disk.CheckpointFile;
import dev.naru.log.disk.ChecksummedText.Content;
import dev.naru.log.disk.Damage;
import dev.naru.log.disk.Disk;
import dev.naru.log.segment.Segment;
import dev.naru.log.segment.SegmentAudit;
import dev.naru.log.segment.SegmentAudit.Verdict;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Reads the closed segments of one data directory, one after the other, to find damage before
 * somebody needs what is damaged. Without a thread: whoever calls {@link #step} decides when and
 * how fast. One caller at a time.
 *
 * <p>How far it has come is written down after each segment worth it, so that a restart does not
 * begin from the first partition again. That file is a convenience: without it, it does.
 */
public final class Scrubber {

  static final String NAME = "scrub-progress";

  private static final int VERSION = 1;

  /** The least that is read between two writes of the progress. */
  private static final long NOTE_BYTES = 64 << 20;

  /** Hears what is found. */
  public interface Findings {
    /** A log is damaged. */
    void damaged(Damage damage);

    /** A segment is sound, but its seal is not: the log's owner may write it again. */
    void unsealed(PartitionId partition, long segmentBase);

    /** Something harmless was found and put right. */
    void mended(String what);
  }

  private final NavigableMap<PartitionId, PartitionLog> logs;
  private final Findings findings;
  private final CheckpointFile progress;
  private Optional<Place> next;
  private Optional<Audit> current = Optional.empty();
  private long unnotedBytes;

  /** Where a pass goes on: in this log, at the first segment that ends above this offset. */
  private record Place(PartitionId partition, long offset) {}

  private record Audit(PartitionLog log, LogView view, Segment segment, SegmentAudit audit) {

    /** Nobody moves the files meanwhile: what is mended must be mended in its place. */
    Verdict step(int bytesMax) {
      var verdict = new AtomicReference<Verdict>(new Verdict.Sound(List.of()));
      var _ = log.cleaning().whileOpen(() -> verdict.set(audit.step(bytesMax, view::isOld)));
      return verdict.get();
    }
  }

  Scrubber(Disk disk, NavigableMap<PartitionId, PartitionLog> logs, Findings findings) {
    this.logs = logs;
    this.findings = findings;
    this.progress = new CheckpointFile(disk, NAME, NAME, VERSION);
    this.next = lastPlace();
  }

  private Optional<Place> lastPlace() {
    if (progress.read() instanceof Content.Lines(var lines) && lines.size() == 1) {
      try {
        int space = lines.getFirst().indexOf(' ');
        return Optional.of(
            new Place(
                PartitionId.parse(lines.getFirst().substring(0, space)),
                Long.parseLong(lines.getFirst().substring(space + 1))));
      } catch (IllegalArgumentException | IndexOutOfBoundsException notOurs) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /**
   * Reads about so many bytes more.
   *
   * @return how many; 0 when all there was has been read, after which it begins again
   */
  public long step(int bytesMax) {
    if (current.isEmpty()) {
      current = find();
    }
    if (current.isEmpty()) {
      next = Optional.empty();
      note();
      return 0;
    }
    var audit = current.get();
    int before = audit.audit.position();
    var verdict = audit.step(bytesMax);
    if (!(verdict instanceof Verdict.Unfinished) || audit.view.isOld()) {
      current = Optional.empty();
      next = Optional.of(new Place(audit.view.id(), audit.segment.end()));
      if (!audit.view.isOld()) { // or it says only that the log was changed meanwhile
        tell(audit, verdict);
      }
    }
    long read = Math.max(1, audit.audit.position() - before);
    unnotedBytes += read;
    if (current.isEmpty() && unnotedBytes >= NOTE_BYTES) {
      note();
    }
    return read;
  }

  private Optional<Audit> find() {
    var rest = next.map(place -> logs.tailMap(place.partition, true)).orElse(logs);
    for (PartitionLog log : rest.values()) {
      var view = log.view();
      long from =
          next.filter(place -> place.partition.equals(view.id())).map(Place::offset).orElse(0L);
      for (Segment segment : view.closed()) {
        if (segment.end() > from) {
          var audit = new SegmentAudit(segment, view.epochs());
          return Optional.of(new Audit(log, view, segment, audit));
        }
      }
    }
    return Optional.empty();
  }

  private void tell(Audit audit, Verdict verdict) {
    var id = audit.view.id();
    switch (verdict) {
      case Verdict.Damaged(int position, var reason) ->
          findings.damaged(new Damage(id, audit.segment.base(), position, reason));
      case Verdict.Unsealed(var reason) -> {
        findings.mended(reason);
        findings.unsealed(id, audit.segment.base());
      }
      case Verdict.Sound(var mended) -> mended.forEach(findings::mended);
      case Verdict.Unfinished() -> {}
    }
  }

  private void note() {
    unnotedBytes = 0;
    progress.write(
        next.map(place -> List.of(place.partition + " " + place.offset)).orElse(List.of()));
  }
}
