package dev.naru.broker.node;

import dev.naru.broker.events.EventCode;
import dev.naru.broker.peer.ControllerLink;
import dev.naru.broker.replica.LocalNode;
import dev.naru.log.PartitionLog;
import dev.naru.log.retention.Keep;
import dev.naru.log.salvage.SetAsideReason;
import dev.naru.log.store.DataDirectory;
import dev.naru.log.store.LogStore;
import dev.naru.metadata.command.DirectoryReport;
import dev.naru.metadata.command.LogReport;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.RegisterNode;
import dev.naru.metadata.command.ReportLogs;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ElrPlace;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.LogEnd;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeProfile;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.log.MetadataLog;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * How a starting node presents itself: it registers, which gives it a new epoch and takes it out of
 * every ISR, waits until its own image says so, and reports the logs that the cluster counts on.
 */
final class Registration {

  private static final Logger LOG = LogManager.getLogger(Registration.class);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final String clusterId;
  private final NodeId self;
  private final NodeProfile profile;
  private final UUID incarnation;
  private final NodeLogs logs;
  private final LogStore store;
  private final ControllerLink controller;
  private final MetadataLog log;
  private final StartWaits waits;
  private final LongSupplier nanoClock;

  /**
   * How long a live node may hold this id before it is another one, not the one that was here
   * before.
   */
  private final Duration patience;

  /** Whether every directory that the cluster knew of this node is here and in use. */
  private boolean hasAllItHad;

  Registration(
      String clusterId,
      NodeId self,
      NodeProfile profile,
      UUID incarnation,
      NodeLogs logs,
      ControllerLink controller,
      MetadataLog log,
      StartWaits waits,
      LongSupplier nanoClock,
      Duration patience) {
    this.clusterId = clusterId;
    this.self = self;
    this.profile = profile;
    this.incarnation = incarnation;
    this.logs = logs;
    this.store = logs.store();
    this.controller = controller;
    this.log = log;
    this.waits = waits;
    this.nanoClock = nanoClock;
    this.patience = patience;
  }

  /** Registers and reports; waits as long as there is no quorum, and gives up when refused. */
  LocalNode run() throws StartException, InterruptedException {
    long index = submit("its registration", this::command, this::mayRegisterLater);
    var epoch = epochAt(index);
    controller.registeredAs(epoch);
    store.directories().stream()
        .filter(directory -> directory.failure().isEmpty())
        .forEach(directory -> directory.noteNodeEpoch(epoch));
    LOG.info(
        EventCode.NODE_REGISTERED.marker(), "Node {} is registered under epoch {}", self, epoch);
    reportLogs(epoch);
    return new LocalNode(self, epoch);
  }

  private RegisterNode command() {
    hasAllItHad = hasAllItHad();
    return new RegisterNode(
        clusterId,
        self,
        incarnation,
        log.applied().image().node(self).map(NodeImage::epoch),
        profile,
        store.directories().stream()
            .map(directory -> new DirectoryReport(directory.id(), directory.lastRun().epoch()))
            .toList(),
        store.directories().stream().allMatch(directory -> directory.lastRun().wasCleanStop())
            ? LastStop.CLEAN
            : LastStop.UNCLEAN,
        store.directories().stream().map(DataDirectory::id).anyMatch(NodeFormat::isReplacement));
  }

  private boolean hasAllItHad() {
    var used =
        store.directories().stream()
            .filter(directory -> directory.failure().isEmpty())
            .map(DataDirectory::id)
            .collect(Collectors.toSet());
    return !logs.mayMissLogs()
        && log.applied()
            .image()
            .node(self)
            .map(node -> used.containsAll(node.directories().keySet()))
            .orElse(true);
  }

  /**
   * A predecessor's last registration may have come first, or be unknown to this node's image yet;
   * and a node that just died counts as alive for a while.
   */
  private boolean mayRegisterLater(ErrorCode code, long waitedNanos) {
    return code == ErrorCode.FENCED_NODE_EPOCH
        || (code == ErrorCode.NODE_ID_IN_USE && waitedNanos < patience.toNanos());
  }

  private interface Patience {
    boolean suffices(ErrorCode code, long waitedNanos);
  }

  /** Submits until it is accepted. The same registration or report again changes nothing. */
  private long submit(String what, Supplier<MetadataCommand> command, Patience patience)
      throws StartException, InterruptedException {
    waits.begin("the controller to accept " + what);
    try {
      return submit(command, patience);
    } finally {
      waits.end();
    }
  }

  private long submit(Supplier<MetadataCommand> command, Patience patience)
      throws StartException, InterruptedException {
    long begun = nanoClock.getAsLong();
    while (true) {
      var refused = tryOnce(command.get());
      if (refused instanceof Attempt.Done(long index)) {
        return index;
      } else if (refused instanceof Attempt.Refusal(var why)) {
        boolean mayStillGo =
            why.code().isRetriable()
                || patience.suffices(why.code(), nanoClock.getAsLong() - begun);
        if (!mayStillGo) {
          throw StartException.of(why);
        }
        LOG.info("Not accepted yet: {}", why);
      }
      var _ = waits.look();
      LockSupport.parkNanos(PAUSE_NANOS);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private sealed interface Attempt {
    record Done(long index) implements Attempt {}

    record Refusal(Refused why) implements Attempt {}
  }

  private Attempt tryOnce(MetadataCommand command) throws InterruptedException {
    try {
      return switch (controller.submit(command).get()) {
        case Outcome.Accepted(long index) -> new Attempt.Done(index);
        case Outcome.Refusal(_, var why) -> new Attempt.Refusal(why);
        case Outcome.NotAppended(var why, _) -> new Attempt.Refusal(why);
      };
    } catch (ExecutionException e) {
      return new Attempt.Refusal(
          new Refused(ErrorCode.METADATA_QUORUM_LOST, String.valueOf(e.getMessage())));
    }
  }

  /** The epoch of this very process, once its image has come so far. */
  private NodeEpoch epochAt(long index) throws StartException, InterruptedException {
    return imageAt(index)
        .node(self)
        .filter(node -> node.incarnation().equals(incarnation))
        .map(NodeImage::epoch)
        .orElseThrow(() ->
            new StartException(
                ErrorCode.NODE_ID_IN_USE,
                "Expected node %s to be this process, but another one has registered under that id"
                    .formatted(self)));
  }

  private ClusterImage imageAt(long index) throws StartException, InterruptedException {
    try {
      return waits
          .await("entry %d of the metadata log".formatted(index), log.whenApplied(index))
          .image();
    } catch (CompletionException e) {
      throw new StartException(
          ErrorCode.INTERNAL, "Expected the metadata log to come to " + index + ", but: " + e, e);
    }
  }

  // ---- logs

  private void reportLogs(NodeEpoch epoch) throws StartException, InterruptedException {
    var reports = reports(log.applied().image());
    int from = 0;
    do {
      int to = Math.min(reports.size(), from + MetadataCommand.ENTRIES_MAX);
      var report = new ReportLogs(self, epoch, reports.subList(from, to), to == reports.size());
      long index = submit("its report of logs", () -> report, (_, _) -> false);
      var _ = imageAt(index);
      from = to;
    } while (from < reports.size());
    LOG.info("Reported {} logs that the cluster counts on", reports.size());
  }

  /**
   * Of the partitions in whose ELR this node has a place, or of which a loss waits for its word.
   */
  private List<LogReport> reports(ClusterImage image) {
    var reports = new ArrayList<LogReport>();
    image
        .partitionsOn(self)
        .filter(id ->
            image
                .partition(id)
                .filter(entry ->
                    entry.elr().get(self) instanceof ElrPlace.Awaited
                        || entry.losses().anyWaitsFor(self))
                .isPresent())
        .forEach(id -> report(id).ifPresent(reports::add));
    return reports;
  }

  private Optional<LogReport> report(PartitionId id) {
    if (store.damaged().containsKey(id)) {
      return Optional.of(new LogReport(id, store.directoryOf(id).id(), LogEnd.NOTHING, 0, true));
    }
    return store.log(id).map(found -> report(id, found)).or(() -> neverWritten(id));
  }

  private LogReport report(PartitionId id, PartitionLog found) {
    var end =
        new LogEnd(
            found.lastBatch().map(batch -> new LeaderEpoch(batch.leaderEpoch())), found.end());
    return new LogReport(id, store.directoryOf(id).id(), end, found.durableEnd(), false);
  }

  /**
   * A log that was never made is empty, and with the others of the partition that may be all there
   * is. But who cannot see a directory that it had does not know what was made there: without a
   * report this replica stands for nothing.
   */
  private Optional<LogReport> neverWritten(PartitionId id) {
    if (!hasAllItHad) {
      return Optional.empty();
    }
    return store.directories().stream()
        .findFirst()
        .map(directory -> new LogReport(id, directory.id(), LogEnd.NOTHING, 0, false));
  }

  /** Logs that the image does not explain are put aside before anything is opened. */
  void setStrangersAside() {
    var image = log.applied().image();
    Stream.concat(store.logs().keySet().stream(), store.damaged().keySet().stream())
        .filter(id -> image.partition(id).flatMap(entry -> entry.replicaOn(self)).isEmpty())
        .toList()
        .forEach(id -> {
          LOG.warn(
              EventCode.RECOVERY_FINISHED.marker(),
              "The log of {} is put aside: node {} has no replica of it",
              id,
              self);
          var why = "the image gives node " + self + " no replica of it";
          var reason =
              image.deletedTopics().contains(id.topic())
                  ? SetAsideReason.TOPIC_DELETED
                  : SetAsideReason.NOT_OURS;
          var keep = isExplained(image, id) ? Keep.WHILE_THERE_IS_ROOM : Keep.FOR_GOOD;
          store.setAside(id, reason, keep, why);
        });
  }

  /** Whether the replica was moved or its topic deleted; else the image may be the wrong one. */
  private static boolean isExplained(ClusterImage image, PartitionId id) {
    return image.partition(id).isPresent() || image.deletedTopics().contains(id.topic());
  }
}
