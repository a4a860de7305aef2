package dev.naru.broker.node;

import dev.naru.broker.events.EventCode;
import dev.naru.broker.peer.ControllerLink;
import dev.naru.broker.peer.IdPatience;
import dev.naru.broker.replica.LocalNode;
import dev.naru.log.store.DataDirectory;
import dev.naru.log.store.LogStore;
import dev.naru.metadata.command.DirectoryReport;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.RegisterNode;
import dev.naru.metadata.command.ReportLogs;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeProfile;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.log.MetadataLog;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * How a starting node presents itself: it registers, which gives it a new epoch and takes it out of
 * every ISR, waits until its own image says so, and reports the logs that the cluster counts on.
 */
final class Registration {

  private static final Logger LOG = LogManager.getLogger(Registration.class);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Registrant who;
  private final NodeId self;
  private final LogStore store;
  private final LogReports reports;
  private final ControllerLink controller;
  private final MetadataLog log;
  private final StartWaits waits;
  private final LongSupplier nanoClock;

  private final IdPatience patience;

  /** Whether every directory that the cluster knew of this node is here and in use. */
  private boolean hasAllItHad;

  /**
   * Who presents itself.
   *
   * @param incarnation drawn by this process
   */
  record Registrant(String clusterId, NodeId self, NodeProfile profile, UUID incarnation) {}

  Registration(
      Registrant who,
      NodeLogs logs,
      ControllerLink controller,
      MetadataLog log,
      StartWaits waits,
      LongSupplier nanoClock,
      Duration patience) {
    this.who = who;
    this.self = who.self();
    this.store = logs.store();
    this.reports = new LogReports(who.self(), logs);
    this.controller = controller;
    this.log = log;
    this.waits = waits;
    this.nanoClock = nanoClock;
    this.patience = new IdPatience(patience);
  }

  /** Registers and reports; waits as long as there is no quorum, and gives up when refused. */
  LocalNode run() throws StartException, InterruptedException {
    long index = submitUntilAccepted("its registration", this::command, this::mayRegisterLater);
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
    hasAllItHad = reports.areAllThere(log.applied().image());
    return new RegisterNode(
        who.clusterId(),
        self,
        who.incarnation(),
        log.applied().image().node(self).map(NodeImage::epoch),
        who.profile(),
        store.directories().stream()
            .map(directory -> new DirectoryReport(directory.id(), directory.lastRun().epoch()))
            .toList(),
        store.directories().stream().allMatch(directory -> directory.lastRun().wasCleanStop())
            ? LastStop.CLEAN
            : LastStop.UNCLEAN,
        store.directories().stream().map(DataDirectory::id).anyMatch(NodeFormat::isReplacement));
  }

  /**
   * A predecessor's last registration may have come first, or be unknown to this node's image yet;
   * and a node that just died counts as alive for a while.
   */
  private boolean mayRegisterLater(ErrorCode code) {
    return code == ErrorCode.FENCED_NODE_EPOCH
        || (code == ErrorCode.NODE_ID_IN_USE && patience.lasts(nanoClock.getAsLong()));
  }

  private long submitUntilAccepted(
      String what, Supplier<MetadataCommand> command, Predicate<ErrorCode> mayGoLater)
      throws StartException, InterruptedException {
    waits.begin("the controller to accept " + what);
    try {
      return submit(command, mayGoLater);
    } finally {
      waits.end();
    }
  }

  /** The same registration or report again changes nothing. */
  private long submit(Supplier<MetadataCommand> command, Predicate<ErrorCode> mayGoLater)
      throws StartException, InterruptedException {
    while (true) {
      var refused = tryOnce(command.get());
      if (refused instanceof Attempt.Done(long index)) {
        return index;
      } else if (refused instanceof Attempt.Refusal(var why)) {
        if (!why.code().isRetriable() && !mayGoLater.test(why.code())) {
          throw StartException.of(why);
        }
        LOG.debug("Not accepted yet: {}", why);
        waits.because(why);
      }
      waits.look();
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
        .filter(node -> node.incarnation().equals(who.incarnation()))
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

  private void reportLogs(NodeEpoch epoch) throws StartException, InterruptedException {
    var all = reports.of(log.applied().image(), hasAllItHad);
    int from = 0;
    do {
      int to = Math.min(all.size(), from + MetadataCommand.ENTRIES_MAX);
      var report = new ReportLogs(self, epoch, all.subList(from, to), to == all.size());
      long index = submitUntilAccepted("its report of logs", () -> report, _ -> false);
      var _ = imageAt(index);
      from = to;
    } while (from < all.size());
    LOG.info("Reported {} logs that the cluster counts on", all.size());
  }
}
