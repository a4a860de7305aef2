package dev.naru.broker.node;

import dev.naru.broker.config.LiveConfig;
import dev.naru.broker.loop.LoopGroup;
import dev.naru.broker.loop.ReadPool;
import dev.naru.broker.rpc.ReplyRouter;
import dev.naru.broker.rpc.SalvageDirectory;
import dev.naru.broker.runtime.NodeRuntime;
import dev.naru.broker.upkeep.DiskWatermarks;
import dev.naru.broker.upkeep.ReplicaFaults;
import dev.naru.broker.upkeep.ReplicaRepairs;
import dev.naru.broker.upkeep.Scrubbing;
import dev.naru.broker.upkeep.SetAsideWatch;
import dev.naru.log.disk.ReadOnlyDisk;
import dev.naru.log.disk.SpaceRule;
import dev.naru.log.salvage.SetAside;
import dev.naru.log.store.DataDirectory;
import dev.naru.types.NodeEpoch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A node's logs, and the threads that work on them. */
final class NodeStorage {

  /**
   * As in Kafka. Leaders and followers learn it anew; but where nobody safe is left, what a replica
   * has beyond the watermark that it knew before a power cut may have to be declared lost.
   */
  private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(5);

  /** Soon enough for room that was made, and for what others write to the same file system. */
  private static final Duration SPACE_INTERVAL = Duration.ofSeconds(1);

  /** Soon enough beside what fetching takes; costs nothing while nothing is damaged. */
  private static final Duration REPAIR_INTERVAL = Duration.ofMillis(500);

  /** Short, as a look is bounded; between two counts it does nothing. */
  private static final Duration SET_ASIDE_INTERVAL = Duration.ofSeconds(1);

  private static final int READERS_PER_DIRECTORY = 2;

  private final NodeLogs logs;
  private final ReplicaFaults faults;
  private final ReplicaRepairs repairs;
  private final ReplyRouter replies;
  private final LoopGroup loops;
  private final ReadPool reads;
  private final Scrubbing scrubbing;
  private final List<SalvageDirectory> setAside;
  private final NodeRuntime runtime;
  private final AtomicBoolean areLoopsClosed = new AtomicBoolean();

  private NodeStorage(
      NodeLogs logs,
      ReplicaFaults faults,
      ReplicaRepairs repairs,
      ReplyRouter replies,
      LoopGroup loops,
      ReadPool reads,
      Scrubbing scrubbing,
      List<SalvageDirectory> setAside,
      NodeRuntime runtime) {
    this.logs = logs;
    this.faults = faults;
    this.repairs = repairs;
    this.replies = replies;
    this.loops = loops;
    this.reads = reads;
    this.scrubbing = scrubbing;
    this.setAside = setAside;
    this.runtime = runtime;
  }

  /** Starts loops, group commits, readers and chores over recovered logs; no partition yet. */
  static NodeStorage start(
      LiveConfig live,
      NodeLogs logs,
      ReplicaFaults faults,
      ReplicaRepairs repairs,
      NodeRuntime runtime) {
    var disks =
        new DiskWatermarks(
            logs.store(),
            () -> new SpaceRule(live.get().limits().diskUsedRatioMax()),
            runtime.meters());
    var replies = new ReplyRouter();
    var loops =
        LoopGroup.start(
            NodeRuntime.loopCount(),
            runtime.clocks().nanos(),
            runtime.threads().numbered("loop"),
            replies,
            faults,
            NodeRuntime.heapShareBytes());
    var reads =
        ReadPool.start(
            READERS_PER_DIRECTORY * live.started().directories().data().size(),
            runtime.threads().numbered("read"));
    var setAside = setAsideOf(logs);
    var watch =
        new SetAsideWatch(
            setAside.stream()
                .collect(Collectors.toMap(SalvageDirectory::location, SalvageDirectory::content)),
            runtime.meters(),
            runtime.clocks().nanos());
    runtime.repeat(SET_ASIDE_INTERVAL, "The look at what is set aside", watch::look);
    logs.startCommits(runtime.threads(), runtime.clocks().nanos(), runtime.meters());
    disks.look();
    runtime.repeat(SPACE_INTERVAL, "The look at free space", disks::look);
    runtime.repeat(
        CHECKPOINT_INTERVAL,
        "The checkpoint of high watermarks",
        logs.store()::checkpointHighWatermarks);
    runtime.repeat(REPAIR_INTERVAL, "The look at damaged replicas", repairs::look);
    var scrubbing =
        Scrubbing.start(
            () -> live.get().scrub(),
            logs.store(),
            faults,
            runtime.meters(),
            runtime.clocks().nanos(),
            runtime.threads().named("scrub"));
    return new NodeStorage(
        logs, faults, repairs, replies, loops, reads, scrubbing, setAside, runtime);
  }

  NodeLogs logs() {
    return logs;
  }

  ReplicaFaults faults() {
    return faults;
  }

  ReplicaRepairs repairs() {
    return repairs;
  }

  ReplyRouter replies() {
    return replies;
  }

  LoopGroup loops() {
    return loops;
  }

  ReadPool reads() {
    return reads;
  }

  /** What lies in {@code lost+found} of each directory. Faults there end nothing. */
  List<SalvageDirectory> setAside() {
    return setAside;
  }

  private static List<SalvageDirectory> setAsideOf(NodeLogs logs) {
    var directories = logs.store().directories();
    var words = DirectoryWords.of(directories.stream().map(DataDirectory::id).toList());
    return IntStream.range(0, directories.size())
        .mapToObj(number -> {
          String location = directories.get(number).location();
          var content = new SetAside(ReadOnlyDisk.at(Path.of(location)));
          return new SalvageDirectory(words.get(number), location, content);
        })
        .toList();
  }

  /** Every partition gives up its role and answers who waits; nobody owns a log afterwards. */
  void closeLoops() {
    if (areLoopsClosed.compareAndSet(false, true)) {
      scrubbing.close();
      loops.close();
      reads.close();
    }
  }

  /**
   * Chores end; everything is forced, and the directories are marked as stopped cleanly, unless a
   * chore hangs, which may still write.
   */
  void closeCleanly(NodeEpoch epoch) {
    closeLoops();
    if (runtime.endChores()) {
      logs.closeCleanly(epoch);
    } else {
      logs.close();
    }
  }

  /** Chores end, files are closed; the next start recovers. */
  void close() {
    closeLoops();
    boolean _ = runtime.endChores();
    logs.close();
  }
}
