package dev.naru.log.store;

import dev.naru.log.ForceTicket;
import dev.naru.log.LogConfig;
import dev.naru.log.PartitionLog;
import dev.naru.log.disk.Damage;
import dev.naru.log.disk.DiskSpace;
import dev.naru.log.disk.StorageException;
import dev.naru.log.producer.ProducerRoom;
import dev.naru.log.retention.DropReason;
import dev.naru.log.retention.Keep;
import dev.naru.log.salvage.SetAsideReason;
import dev.naru.types.NodeEpoch;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * All logs of a node, over its data directories. Any thread may call; a log itself has one owner at
 * a time.
 *
 * <p>A directory that fails takes its logs with it and leaves the others alone: every use of them
 * throws {@link StorageException} from then on.
 */
public final class LogStore implements AutoCloseable {

  private final List<DirectoryLogs> directories;
  private final List<RecoveryReport> reports;
  private final ProducerShares producers;

  private LogStore(
      List<DirectoryLogs> directories, List<RecoveryReport> reports, ProducerShares producers) {
    this.directories = List.copyOf(directories);
    this.reports = List.copyOf(reports);
    this.producers = producers;
  }

  /**
   * Recovers all logs, the directories side by side, and a few logs of each. A directory that fails
   * is left out, which its report tells.
   *
   * @param config for logs whose topics have not been heard of yet
   * @param threads a task for each directory, which waits for a few more: as many threads as there
   *     are tasks, or the caller's own
   */
  public static LogStore open(
      List<DataDirectory> found, LogConfig config, Executor threads, RecoveryListener listener) {
    var producers = ProducerShares.ofHeap(Runtime.getRuntime().maxMemory());
    var recoveries =
        found.stream()
            .map(directory ->
                CompletableFuture.supplyAsync(
                    () -> recover(directory, config, threads, listener, producers), threads))
            .toList();
    var directories = new ArrayList<DirectoryLogs>();
    var reports = new ArrayList<RecoveryReport>();
    for (var recovery : recoveries) {
      switch (recovery.join()) {
        case Recovered(var logs) -> {
          directories.add(logs);
          reports.add(logs.report());
        }
        case Failed(var report) -> reports.add(report);
      }
    }
    var store = new LogStore(directories, reports, producers);
    store.giveUpTwins();
    return store;
  }

  private sealed interface Attempt {}

  private record Recovered(DirectoryLogs logs) implements Attempt {}

  private record Failed(RecoveryReport report) implements Attempt {}

  private static Attempt recover(
      DataDirectory directory,
      LogConfig config,
      Executor threads,
      RecoveryListener listener,
      ProducerRoom producers) {
    try {
      return new Recovered(DirectoryLogs.recover(directory, config, threads, listener, producers));
    } catch (StorageException e) {
      return new Failed(RecoveryReport.ofFailure(directory.id(), e));
    }
  }

  /**
   * Which of two logs of one partition is the right one cannot be known here, so neither is used.
   */
  private void giveUpTwins() {
    var first = new TreeMap<PartitionId, DirectoryLogs>();
    for (DirectoryLogs each : directories) {
      for (PartitionId partition : List.copyOf(each.whole().keySet())) {
        DirectoryLogs twin = first.putIfAbsent(partition, each);
        if (twin != null) {
          String reason =
              "Expected one directory with it, but it is in %s and %s"
                  .formatted(twin.directory().location(), each.directory().location());
          twin.shun(partition, reason);
          each.shun(partition, reason);
        }
      }
    }
  }

  /** What was found in each directory. */
  public List<RecoveryReport> reports() {
    return reports;
  }

  /** The directories that can be used, or could be when the node started. */
  public List<DataDirectory> directories() {
    return directories.stream().map(DirectoryLogs::directory).toList();
  }

  /** How full those that can be used are, all together; empty before the first look at one. */
  public Optional<DiskSpace> space() {
    long usable = 0;
    long total = 0;
    for (var directory : directories()) {
      if (directory.failure().isEmpty()) {
        var space = directory.space();
        if (space.isEmpty()) {
          return Optional.empty();
        }
        usable += space.get().usableBytes();
        total += space.get().totalBytes();
      }
    }
    return Optional.of(new DiskSpace(usable, total));
  }

  /** The group commit of one of them. */
  public ForceRounds rounds(DataDirectory directory) {
    return directories.stream()
        .filter(each -> each.directory() == directory)
        .findFirst()
        .orElseThrow()
        .rounds();
  }

  /** Reads what is in one of them to find damage; one for each directory. */
  public Scrubber scrubber(DataDirectory directory, Scrubber.Findings findings) {
    return directories.stream()
        .filter(each -> each.directory() == directory)
        .findFirst()
        .orElseThrow()
        .scrubber(findings);
  }

  /** The log of a partition, if there is one and it is whole. */
  public Optional<PartitionLog> log(PartitionId partition) {
    for (var each : directories) {
      var log = each.whole().get(partition);
      if (log != null) {
        return Optional.of(log);
      }
    }
    return Optional.empty();
  }

  /** Whether there is anything of this partition, whole or damaged. */
  public boolean has(PartitionId partition) {
    return holder(partition).isPresent();
  }

  /** All logs that are whole. */
  public SortedMap<PartitionId, PartitionLog> logs() {
    var all = new TreeMap<PartitionId, PartitionLog>();
    directories.forEach(each -> all.putAll(each.whole()));
    return all;
  }

  /** The logs that are damaged: they serve nothing, stand for nothing, and lose nothing. */
  public SortedMap<PartitionId, Damage> damaged() {
    var all = new TreeMap<PartitionId, Damage>();
    directories.forEach(each -> all.putAll(each.damaged()));
    return all;
  }

  /**
   * Makes an empty log, in the working directory with the fewest that takes new records; if none
   * does, in a full one. There must be none, not even a damaged one: that is first {@linkplain
   * #setAside set aside}.
   */
  public PartitionLog create(PartitionId partition, LogConfig config) {
    if (holder(partition).isPresent()) {
      throw new IllegalStateException("Expected no log of " + partition + ", but there is one");
    }
    return directories.stream()
        .filter(each -> each.directory().failure().isEmpty())
        .min(
            Comparator.comparing((DirectoryLogs each) -> each.directory().whyFull().isPresent())
                .thenComparingInt(each -> each.whole().size()))
        .orElseThrow(() -> new NoSuchElementException("Expected a working data directory"))
        .create(partition, config);
  }

  /** Asks for the next group commit of the log's directory. Only the log's owner calls this. */
  public void requestForce(PartitionLog log, Consumer<ForceTicket> done) {
    directory(log.id()).rounds().request(log.prepareForce(), done);
  }

  /** The directory that holds a log, whole or damaged. */
  public DataDirectory directoryOf(PartitionId partition) {
    return directory(partition).directory();
  }

  /**
   * Gives a log up in which damage was found while running: its segment is quarantined, it has no
   * owner any more, and stays damaged over restarts until it is {@linkplain #repair repaired}.
   * Waits for the disk.
   *
   * @return where the damaged segment is now, unless there is nothing of it
   */
  public Optional<String> giveUp(Damage damage) {
    return directory(damage.partition()).giveUp(damage);
  }

  /**
   * Makes a usable log again of a damaged one: what it holds below the damage, and if that is
   * nothing, an empty one. All else is set aside. It is shorter than it was, so this comes only
   * after the controller has ruled the replica out, and when there is a leader to fetch the rest
   * from. Waits for the disk.
   */
  public PartitionLog repair(PartitionId partition, LogConfig config) {
    var holders = directories.stream().filter(each -> each.has(partition)).toList();
    if (holders.size() == 1 && holders.getFirst().isRepairable(partition)) {
      return holders.getFirst().repair(partition, config);
    }
    holders.forEach(each ->
        each.setAside(
            partition, SetAsideReason.UNUSABLE, Keep.FOR_GOOD, "nothing of it can be used"));
    return create(partition, config);
  }

  /**
   * Moves a log, whole or damaged, to {@code lost+found}. Nobody owns it any more. Waits for the
   * disk.
   */
  public void setAside(PartitionId partition, SetAsideReason reason, Keep keep, String why) {
    directory(partition).setAside(partition, reason, keep, why);
  }

  /**
   * Deletes what was set aside longer ago than this and may go. Waits for the disk.
   *
   * @param nowMillis a time that is not after the true one
   * @return what was deleted
   */
  public List<String> expireSetAside(long nowMillis, long retentionMillis) {
    return directories.stream()
        .filter(each -> each.directory().failure().isEmpty())
        .flatMap(each -> each.expireSetAside(nowMillis, retentionMillis).stream())
        .toList();
  }

  /**
   * Deletes the oldest of what a directory has set aside and only keeps {@linkplain
   * Keep#WHILE_THERE_IS_ROOM while there is room}. Waits for the disk.
   *
   * @return what was deleted, unless there is no such thing
   */
  public Optional<String> makeRoom(DataDirectory directory) {
    return directories.stream()
        .filter(each -> each.directory() == directory)
        .findFirst()
        .flatMap(DirectoryLogs::makeRoom);
  }

  /**
   * Does what logs leave to another thread: shares out how many producers they may know, writes
   * down what they know of them, and deletes the files of segments that they have dropped. To be
   * called about once a second. Waits for the disk.
   *
   * @return how many segments went for which reason
   */
  public Map<DropReason, Integer> sweep() {
    producers.look(logs().values().stream().mapToInt(log -> log.producers().size()).toArray());
    var counts = new EnumMap<DropReason, Integer>(DropReason.class);
    directories.stream()
        .filter(each -> each.directory().failure().isEmpty())
        .forEach(each -> {
          each.writeSnapshots();
          each.sweeper()
              .sweep()
              .forEach((reason, count) -> counts.merge(reason, count, Integer::sum));
        });
    return counts;
  }

  /** Writes down the high watermarks of all logs, for the next start. Waits for the disk. */
  public void checkpointHighWatermarks() {
    directories.stream()
        .filter(each -> each.directory().failure().isEmpty())
        .forEach(DirectoryLogs::checkpointHighWatermarks);
  }

  /**
   * Makes all logs durable and marks each directory as stopped cleanly, if none has failed; then as
   * {@link #close}. Nobody owns a log any more, and the threads of the group commits have ended.
   *
   * @return whether all are marked
   */
  public boolean closeCleanly(NodeEpoch epoch) {
    boolean isDurable = true;
    for (DirectoryLogs each : directories) {
      isDurable &= each.closeDurably();
    }
    boolean isClean = isDurable;
    for (DirectoryLogs each : directories) {
      isClean = isClean && each.markClean(epoch);
      each.directory().close();
    }
    return isClean;
  }

  /**
   * Closes all files and unlocks the directories. What was not forced is left to the next start.
   */
  @Override
  public void close() {
    directories.forEach(DirectoryLogs::closeFiles);
    directories.forEach(each -> each.directory().close());
  }

  private DirectoryLogs directory(PartitionId partition) {
    return holder(partition)
        .orElseThrow(() -> new NoSuchElementException("Expected a log of " + partition));
  }

  private Optional<DirectoryLogs> holder(PartitionId partition) {
    return directories.stream().filter(each -> each.has(partition)).findFirst();
  }
}
