package dev.naru.log.recovery;

import dev.naru.log.disk.Damage;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.log.disk.UnreadableException;
import dev.naru.log.epoch.EpochHistory;
import dev.naru.log.recovery.Recovery.Effort;
import dev.naru.log.segment.BatchWalk;
import dev.naru.log.segment.Segment;
import dev.naru.log.segment.SegmentFiles;
import dev.naru.log.segment.SegmentList;
import dev.naru.log.segment.SegmentName.Part;
import dev.naru.log.segment.SegmentSwap;
import dev.naru.record.BatchHeader;
import dev.naru.types.LeaderEpoch;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;

/**
 * Makes a log of what a process left behind, however it ended.
 *
 * <p>The record says up to where the log was durable. Below that point nothing is read but seals
 * and the batch that ends there, and nothing may be bad or missing: if it is, the log is damaged.
 * Its segment is quarantined, and nothing of it is cut, served or deleted. Above the point every
 * batch is read. The log goes on after the last one that is good; what follows is the torn tail of
 * a crash, set aside and cut; or damage, if the record is not sound and may tell an earlier point.
 *
 * <p>What it returns is durable, names, bytes and lengths: the process before may have been killed
 * before it forced any of them, and what one process has seen, the next must not miss. Or a force
 * of it failed: so what was read above the point is also written again. After a clean stop it is so
 * already: the marker is written after the last force of the last log, and nothing is written after
 * it. Then nothing is forced again, unless something is found that a clean stop does not leave.
 */
public final class LogRecovery {

  private final SegmentFiles files;
  private final EpochCheckpoint checkpoint;
  private final ProducerFiles producers;
  private final LostAndFound lostAndFound;
  private final Recorded recorded;
  private final Forces forces;
  private final List<String> warnings = new ArrayList<>();

  /** How what a recovery returns becomes durable. */
  public enum Forces {
    /** It is so already: all that was written had been forced before the process ended. */
    DONE,
    /** Each log is forced for itself. */
    EACH,
    /**
     * Whoever recovers forces the whole file system after the last log, and before anybody hears of
     * the first.
     */
    ALL_AT_THE_END
  }

  /** Will recover the log in this directory. */
  public LogRecovery(
      SegmentFiles files,
      EpochCheckpoint checkpoint,
      ProducerFiles producers,
      LostAndFound lostAndFound,
      Recorded recorded,
      Forces forces) {
    this.files = files;
    this.checkpoint = checkpoint;
    this.producers = producers;
    this.lostAndFound = lostAndFound;
    this.recorded = recorded;
    this.forces = forces;
  }

  /** Does it, once. */
  public Recovery recover() {
    try {
      return whole();
    } catch (LogDamagedException e) {
      return damaged(e.damage());
    } catch (UnreadableException e) {
      return damaged(files.damage(e).damage());
    }
  }

  private Recovery damaged(Damage damage) {
    return new Recovery.Damaged(damage, start(), Quarantine.take(files, damage, lostAndFound));
  }

  private long start() {
    return switch (recorded) {
      case Recorded.UpTo(var point) -> point.start();
      case Recorded.AtLeast(var point) -> point.start();
      case Recorded.KnownDamaged(long start, _) -> start;
      case Recorded.Nothing() -> 0;
      case Recorded.Lost() -> SegmentInventory.of(files).firstBase();
    };
  }

  private Recovery whole() {
    // What is seen now must not vanish later: whoever made the names may not have lived to force
    // them.
    if (forces == Forces.EACH) {
      files.disk().forceDirectory(files.directory());
    }
    var inventory = SegmentInventory.of(files);
    if (inventory.hasReplacing()) {
      SegmentSwap.recover(files);
      inventory = SegmentInventory.of(files);
    }
    inventory.foreign().forEach(name -> warnings.add("Left alone what is not ours: " + name));
    var point = startingPoint(inventory);
    var sealed =
        new SealedSegments(files, inventory.bases(), warnings)
            .between(point.start(), point.state().base());
    checkLastBatch(point);
    var onDisk = checkpoint.read();
    var below = epochsBelow(point, sealed, onDisk);
    var tail = new TailScan(files, point, mayBeTorn(), inventory.bases(), below);
    return finish(inventory, point, sealed, tail, onDisk);
  }

  /** Only a sound record tells what was never durable. */
  private boolean mayBeTorn() {
    return switch (recorded) {
      case Recorded.UpTo _, Recorded.Nothing _ -> true;
      case Recorded.AtLeast _, Recorded.Lost _, Recorded.KnownDamaged _ -> false;
    };
  }

  private DurablePoint startingPoint(SegmentInventory inventory) {
    return switch (recorded) {
      case Recorded.UpTo(var point) -> point;
      case Recorded.AtLeast(var point) -> point;
      case Recorded.Nothing() -> DurablePoint.empty(files.partition(), 0);
      case Recorded.Lost() -> DurablePoint.empty(files.partition(), inventory.firstBase());
      case Recorded.KnownDamaged(_, long base) ->
          throw damage(base, 0, "Expected it to be fetched anew, but it has not been");
    };
  }

  /**
   * The batch that ends at the durable point must be the very one that was forced. After a clean
   * stop its header is enough to tell; its bytes are checked by whoever reads them.
   */
  private void checkLastBatch(DurablePoint point) {
    if (point.state().isEmpty()) {
      return; // it is in a closed segment, and as good as that one's seal
    }
    var last = point.last().orElseThrow();
    int end = point.state().bytes();
    String name = files.name(point.state().base(), Part.LOG);
    boolean isHeaderEnough = forces == Forces.DONE;
    int window = isHeaderEnough ? BatchHeader.SIZE : BatchWalk.LONG_WINDOW;
    var walk = new BatchWalk(files.open(), name, end - last.bytes(), end, Optional.empty(), window);
    if (!walk.advance()
        || walk.header().crc() != last.crc()
        || walk.header().leaderEpoch() != last.epoch()
        || walk.header().nextOffset() != point.end()
        || (!isHeaderEnough && !walk.checksumFits())) {
      String reason =
          "Expected the batch that ends at offset " + point.end() + ", but it is another";
      throw damage(point.state().base(), end - last.bytes(), walk.fault().orElse(reason));
    }
  }

  /**
   * From the checkpoint, which was durable before the point was recorded; else from the batches.
   */
  private EpochHistory epochsBelow(
      DurablePoint point, List<Segment> sealed, Optional<EpochHistory> onDisk) {
    if (point.end() == point.start()) {
      return EpochHistory.EMPTY;
    }
    var trusted = onDisk.map(history -> history.truncateFrom(point.end()));
    if (trusted.isPresent() && covers(trusted.get(), point)) {
      return trusted.get();
    }
    warnings.add(
        "Read all batches of %s, which had no sound epoch history".formatted(files.partition()));
    return new EpochRebuild(files).of(sealed, point.state());
  }

  private static boolean covers(EpochHistory history, DurablePoint point) {
    return history.epochAt(point.start()).isPresent()
        && (point.last().isEmpty()
            || history
                .epochAt(point.end() - 1)
                .equals(point.last().map(last -> new LeaderEpoch(last.epoch()))));
  }

  private Recovery finish(
      SegmentInventory inventory,
      DurablePoint point,
      List<Segment> sealed,
      TailScan tail,
      Optional<EpochHistory> onDisk) {
    EpochHistory epochs =
        tail.epochs().truncateFrom(tail.last().state().end()).truncateBelow(point.start());
    var closed = new ArrayList<>(sealed);
    closed.addAll(tail.closed());
    var found = found(inventory, point, closed, tail, epochs); // before anything is cut
    TornTail torn = tail.torn();
    Optional<String> setAside = torn.isEmpty() ? Optional.empty() : torn.cut(lostAndFound, epochs);
    tail.last().unseal();
    boolean isAsForced = tail.scannedBytes() == 0 && torn.isEmpty() && !tail.hasNewNames();
    if (forces != Forces.ALL_AT_THE_END) {
      force(tail, torn, isAsForced);
    }
    if (!epochs.equals(onDisk.orElse(EpochHistory.EMPTY))) {
      checkpoint.write(0, epochs);
    }
    deleteBelow(
        found.producers().gone().stream()
            .findFirst()
            .map(Segment::base)
            .orElse(firstBase(closed, tail)),
        inventory);
    producers.deleteAbove(tail.last().state().end());
    return new Recovery.Whole(
        found, new Effort(tail.scannedBytes(), torn.restBytes(), setAside, warnings));
  }

  /** Segments below the start, which a crash kept from being deleted. */
  private void deleteBelow(long first, SegmentInventory inventory) {
    if (inventory.firstBase() < first) {
      files.deleteBelow(first);
    }
  }

  private static long firstBase(List<Segment> closed, TailScan tail) {
    return closed.isEmpty() ? tail.last().state().base() : closed.getFirst().base();
  }

  private RecoveredLog found(
      SegmentInventory inventory,
      DurablePoint point,
      List<Segment> closed,
      TailScan tail,
      EpochHistory epochs) {
    try {
      return RecoveredLog.of(
          point.start(),
          new SegmentList(closed),
          tail.last(),
          epochs,
          producers(inventory, point, closed, tail));
    } catch (LogDamagedException e) {
      tail.last().close();
      throw e;
    }
  }

  /**
   * Of a log that no producer with numbers has written, nothing is read. A snapshot may lie there
   * before the record tells of producers: of those of another log.
   */
  private FoundProducers producers(
      SegmentInventory inventory, DurablePoint point, List<Segment> closed, TailScan tail) {
    boolean mayBeBelow =
        point.hasProducers()
            || !inventory.snapshots().isEmpty()
            || !inventory.unforcedSnapshots().isEmpty();
    if (!mayBeBelow && !tail.hasProducers()) {
      return FoundProducers.noneAt(point.start());
    }
    var segments = new ArrayList<>(closed);
    segments.add(tail.last().snapshot());
    producers.found(inventory.snapshots(), inventory.unforcedSnapshots());
    var gone =
        mayBeBelow ? below(segments.getFirst().base(), inventory.bases()) : List.<Segment>of();
    var rebuild = new ProducerRebuild(producers, segments, gone);
    var found = rebuild.from(mayBeBelow ? 0 : point.end());
    warnings.addAll(rebuild.warnings());
    return found;
  }

  /** The segments below the log's first one that are still there, each for itself. */
  private List<Segment> below(long first, NavigableSet<Long> bases) {
    var found = new ArrayList<Segment>();
    for (long base : bases.headSet(first, false)) {
      Long higher = bases.higher(base);
      long next = higher == null ? first : Math.min(higher, first);
      try {
        found.addAll(new SealedSegments(files, bases, warnings).between(base, next));
      } catch (LogDamagedException | UnreadableException e) {
        warnings.add("Does not know all that wrote below the start: " + e.getMessage());
      }
    }
    return found;
  }

  private void force(TailScan tail, TornTail torn, boolean isAsForced) {
    boolean wasCleanStop = forces == Forces.DONE;
    if (!wasCleanStop || !isAsForced) {
      tail.last().force(); // also its length: a cut that was not forced must not come undone
    }
    if (tail.hasNewNames() || !torn.isEmpty() || (wasCleanStop && !isAsForced)) {
      files.disk().forceDirectory(files.directory());
    }
  }

  private LogDamagedException damage(long base, int position, String reason) {
    return new LogDamagedException(new Damage(files.partition(), base, position, reason));
  }
}
