package dev.naru.log.store;

import dev.naru.log.disk.Disk;
import dev.naru.log.disk.DiskEntry;
import dev.naru.log.disk.DiskSpace;
import dev.naru.log.disk.FailStopDisk;
import dev.naru.log.disk.OpenFiles;
import dev.naru.log.disk.SpaceGate;
import dev.naru.log.disk.SpaceRule;
import dev.naru.log.disk.StorageException;
import dev.naru.log.recovery.LostAndFound;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * One data directory of this node, locked and known to be its own. Its logs are in {@link
 * DirectoryLogs}.
 */
public final class DataDirectory implements AutoCloseable {

  /** Closed logs and indexes that are read; the logs that are appended to come on top. */
  private static final int OPEN_FOR_READING_MAX = 512;

  /** What may lie in a directory before it is formatted. */
  private static final Set<String> BEFORE_FORMAT =
      Set.of("naru.lock", Ballast.NAME, LostAndFound.DIRECTORY);

  private final FailStopDisk disk;
  private final DirectoryMeta meta;
  private final LastRun lastRun;
  private final OpenFiles openFiles;
  private final LostAndFound lostAndFound;
  private final SpaceGate gate;
  private final Ballast ballast;

  private DataDirectory(
      FailStopDisk disk, DirectoryMeta meta, LastRun lastRun, LongSupplier nowMillis) {
    this.disk = disk;
    this.meta = meta;
    this.lastRun = lastRun;
    this.openFiles = new OpenFiles(disk, OPEN_FOR_READING_MAX);
    this.lostAndFound = new LostAndFound(disk, openFiles, nowMillis);
    this.gate = new SpaceGate(disk);
    this.ballast = new Ballast(disk);
  }

  /** Whether a directory could be opened. */
  public sealed interface Opening {

    /** It was, and is locked. */
    record Opened(DataDirectory directory) implements Opening {}

    /** It was not, and is not locked. */
    record NotOpened(Refused why) implements Opening {}
  }

  /** Whether a directory has been formatted, for whomever. */
  public static boolean isFormatted(Disk disk) {
    return disk.exists(DirectoryMeta.NAME);
  }

  /**
   * Makes an empty directory one of this node. Refused if there is anything in it, or another
   * process.
   */
  public static Optional<Refused> format(Disk disk, DirectoryMeta meta) {
    Optional<Refused> locked = disk.lock();
    if (locked.isPresent()) {
      return locked;
    }
    try (disk) {
      if (DirectoryMeta.read(disk) instanceof DirectoryMeta.Found.Known(var owner)) {
        return mismatch(
            "Expected %s to be empty, but it is already formatted for cluster %s node %s"
                .formatted(disk.location(), owner.clusterId(), owner.node()));
      }
      Optional<String> other =
          disk.list(Disk.ROOT).stream()
              .map(DiskEntry::name)
              .filter(name -> !BEFORE_FORMAT.contains(name))
              .findFirst();
      if (other.isPresent()) {
        return mismatch(
            "Expected %s to be empty, but it holds %s".formatted(disk.location(), other.get()));
      }
      DurablePointJournal.begin(disk, new TreeMap<>()).close();
      meta.write(disk); // last: from now on it is formatted
      return Optional.empty();
    }
  }

  /**
   * Locks a directory and finds out whose it is.
   *
   * @param nowMillis the time, for manifests
   * @param onFailure hears when the directory fails, on whatever thread that happens; from then on
   *     no operation in it succeeds
   */
  public static Opening open(
      Disk disk,
      String clusterId,
      NodeId node,
      LongSupplier nowMillis,
      Consumer<StorageException> onFailure) {
    var guarded = new FailStopDisk(disk, onFailure);
    Optional<Refused> refused = guarded.lock();
    if (refused.isPresent()) {
      return new Opening.NotOpened(refused.get());
    }
    var found = DirectoryMeta.read(guarded);
    refused = whatIsWrongWith(found, disk.location(), clusterId, node);
    if (refused.isEmpty() && found instanceof DirectoryMeta.Found.Known(var meta)) {
      Ballast.giveUpIfNeeded(guarded);
      var lastRun = LastRun.take(guarded, meta.directory());
      return new Opening.Opened(new DataDirectory(guarded, meta, lastRun, nowMillis));
    }
    guarded.close();
    return new Opening.NotOpened(refused.orElseThrow());
  }

  private static Optional<Refused> whatIsWrongWith(
      DirectoryMeta.Found found, String location, String clusterId, NodeId node) {
    return switch (found) {
      case DirectoryMeta.Found.Absent() ->
          mismatch("Expected %s to be formatted, but it has no naru.meta".formatted(location));
      case DirectoryMeta.Found.Unreadable(var reason) -> mismatch(location + ": " + reason);
      case DirectoryMeta.Found.Known(var meta)
          when !meta.clusterId().equals(clusterId) || !meta.node().equals(node) ->
          mismatch(
              "Expected %s to be of node %s in cluster %s, but it is of node %s in cluster %s"
                  .formatted(location, node, clusterId, meta.node(), meta.clusterId()));
      case DirectoryMeta.Found.Known known -> Optional.empty();
    };
  }

  private static Optional<Refused> mismatch(String reason) {
    return Optional.of(new Refused(ErrorCode.DIRECTORY_MISMATCH, reason));
  }

  /** The id it was given when it was formatted. */
  public UUID id() {
    return meta.directory();
  }

  /** Where it is. */
  public String location() {
    return disk.location();
  }

  /** What the process before left word of. */
  public LastRun lastRun() {
    return lastRun;
  }

  /** Writes down under which epoch this run of the node is registered. */
  public void noteNodeEpoch(NodeEpoch epoch) {
    LastRun.writeEpoch(disk, epoch);
  }

  /**
   * Finds out how full its file system is, and with this rule keeps new records out before it is
   * too full. Makes the ballast if there is room again. Waits for the disk; one thread at a time.
   */
  public DiskSpace lookAtSpace(SpaceRule rule) {
    var space = gate.look(rule);
    ballast.keep(space, rule); // what it takes counts like everything that is written
    return space;
  }

  /** How full its file system is, as far as known; without a wait. Empty before the first look. */
  public Optional<DiskSpace> space() {
    return gate.space();
  }

  /** Why it takes no new records now, if it does not. */
  public Optional<Refused> whyFull() {
    return gate.whyNot(0);
  }

  /** What ended it, if it has failed. */
  public Optional<StorageException> failure() {
    return disk.failure();
  }

  Disk disk() {
    return disk;
  }

  SpaceGate gate() {
    return gate;
  }

  OpenFiles openFiles() {
    return openFiles;
  }

  LostAndFound lostAndFound() {
    return lostAndFound;
  }

  void markCleanStop(NodeEpoch epoch) {
    LastRun.writeClean(disk, epoch, id());
  }

  /** Unlocks it. */
  @Override
  public void close() {
    openFiles.close();
    disk.close();
  }
}
