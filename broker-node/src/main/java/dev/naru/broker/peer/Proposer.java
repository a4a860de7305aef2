package dev.naru.broker.peer;

import dev.naru.broker.loop.PartitionDirectory;
import dev.naru.broker.loop.PartitionSeat;
import dev.naru.broker.partition.PartitionInput.ProposalRefused;
import dev.naru.broker.partition.Proposals;
import dev.naru.broker.replica.SelfSuspicion;
import dev.naru.broker.replica.SelfSuspicion.Verdict;
import dev.naru.metadata.command.AlterPartition;
import dev.naru.metadata.command.AlterPartitions;
import dev.naru.metadata.command.DeclareLoss;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.command.SuspectNode;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.log.Applied;
import dev.naru.metadata.log.MetadataLog;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Brings proposals of leaders to the controller. A proposal is submitted once and tried under one
 * sequence until its outcome is known; being asked for it again meanwhile changes nothing.
 *
 * <p>While a few commands are under way, further proposals gather and go together: when a node
 * comes back there is one for each of its partitions, and an entry of the log costs the same for
 * one as for hundreds. What a command for many did not change goes alone, to learn why. Any thread
 * may call.
 *
 * <p>It sees the proposals of all leaders of the node, so that here the node may find that it is
 * itself at fault ({@link SelfSuspicion}).
 */
public final class Proposer implements Proposals {

  private static final Logger LOG = LogManager.getLogger(Proposer.class);

  /** The log commits several at a time; and one whose answer is lost does not hold up the rest. */
  static final int COMMANDS_MAX = 4;

  /** Far below what a command may hold, so that none takes long to apply. */
  private static final int TOGETHER_MAX = AlterPartitions.PROPOSALS_MAX / 4;

  private final Function<MetadataCommand, CompletableFuture<Outcome>> controller;
  private final LongFunction<CompletableFuture<Applied>> whenApplied;
  private final Supplier<ClusterImage> image;
  private final BiConsumer<Duration, Runnable> after;
  private final LossAnnouncements announcements;
  private final ConcurrentHashMap.KeySetView<AlterPartition, Boolean> underWay =
      ConcurrentHashMap.newKeySet();

  // Guarded by this. At most one for each partition and epoch of its entry waits.
  private final ArrayDeque<AlterPartition> waiting = new ArrayDeque<>();
  private final SelfSuspicion suspicion;
  private int commands;

  /** Set once, before the first partition has a role; read by loops. */
  private volatile @Nullable PartitionDirectory directory;

  /**
   * Over this link.
   *
   * @param log tells what became of many
   * @param lagMax {@code replica.lag.time.max.ms}
   */
  public Proposer(ControllerLink controller, MetadataLog log, Duration lagMax) {
    this(
        controller::submitUntilKnown,
        log::whenApplied,
        () -> log.applied().image(),
        controller::after,
        lagMax);
  }

  Proposer(
      Function<MetadataCommand, CompletableFuture<Outcome>> controller,
      LongFunction<CompletableFuture<Applied>> whenApplied,
      Supplier<ClusterImage> image,
      BiConsumer<Duration, Runnable> after,
      Duration lagMax) {
    this.controller = controller;
    this.whenApplied = whenApplied;
    this.image = image;
    this.after = after;
    announcements = new LossAnnouncements(controller);
    suspicion = new SelfSuspicion(lagMax);
  }

  /** From now on refusals go to these partitions, and they tell who follows them. */
  public void route(PartitionDirectory partitions) {
    directory = partitions;
  }

  @Override
  public void propose(AlterPartition proposal) {
    if (underWay.add(proposal) && !holds(proposal)) {
      send(List.of(proposal));
    }
  }

  @Override
  public void declare(DeclareLoss loss) {
    announcements.announce(loss);
  }

  private boolean holds(AlterPartition proposal) {
    boolean isFirst;
    synchronized (this) {
      isFirst = !suspicion.isWaiting();
      if (!suspicion.holds(proposal, image.get())) {
        return false;
      }
    }
    if (isFirst) {
      judgeLater();
    }
    return true;
  }

  private void judgeLater() {
    after.accept(Duration.ofNanos(SelfSuspicion.GATHER_NANOS), this::judge);
  }

  private void judge() {
    Verdict verdict;
    synchronized (this) {
      verdict = suspicion.judge(image.get(), this::isFollowed);
    }
    switch (verdict) {
      case Verdict.Followers(var proposals) -> send(proposals);
      case Verdict.Self(var command, var proposals) -> accuseItself(command, proposals);
      case Verdict.Undecided() -> judgeLater();
    }
  }

  private boolean isFollowed(PartitionId partition, LeaderEpoch epoch) {
    var known = directory;
    return known == null // then nobody leads here
        || known
            .seat(partition)
            .flatMap(PartitionSeat::view)
            .filter(view -> view.isFollowedIn(epoch))
            .isPresent();
  }

  /** What the controller does not agree to, or cannot change, is proposed after all. */
  private void accuseItself(SuspectNode command, List<AlterPartition> proposals) {
    LOG.info(
        "Would be alone in {} partitions that it leads: asks that others lead",
        command.partitions().size());
    var _ =
        controller
            .apply(command)
            .whenComplete((outcome, _) -> {
              switch (outcome) {
                case Outcome.Accepted(long index) -> {
                  var _ =
                      whenApplied
                          .apply(index)
                          .whenComplete((applied, _) -> send(open(proposals, applied)));
                }
                case Outcome.Refusal _ -> send(proposals);
                case null, default -> proposals.forEach(underWay::remove); // will be proposed again
              }
            });
  }

  /** Those that the image has not settled; the others are forgotten. */
  private List<AlterPartition> open(List<AlterPartition> proposals, @Nullable Applied applied) {
    var open = new ArrayList<AlterPartition>();
    for (var proposal : proposals) {
      if (applied == null || hasMovedOn(applied.image(), proposal)) {
        underWay.remove(proposal);
      } else {
        open.add(proposal);
      }
    }
    return open;
  }

  private void send(List<AlterPartition> proposals) {
    synchronized (this) {
      waiting.addAll(proposals);
    }
    submitNext();
  }

  private void submitNext() {
    var together = new ArrayList<AlterPartition>();
    synchronized (this) {
      if (commands >= COMMANDS_MAX || waiting.isEmpty()) {
        return;
      }
      commands++;
      while (together.size() < TOGETHER_MAX && !waiting.isEmpty()) {
        together.add(waiting.remove());
      }
    }
    var known = together.size() == 1 ? submit(together.getFirst()) : submit(together);
    var _ =
        known.whenComplete((_, _) -> {
          synchronized (this) {
            commands--;
          }
          submitNext();
        });
  }

  /** Completes when the outcome is known. */
  private CompletableFuture<Outcome> submit(AlterPartition proposal) {
    return controller
        .apply(proposal)
        .whenComplete((outcome, _) -> {
          underWay.remove(proposal);
          if (outcome instanceof Outcome.Refusal(_, var why)) {
            refused(proposal, why);
          }
        });
  }

  private CompletableFuture<Outcome> submit(List<AlterPartition> together) {
    return controller
        .apply(new AlterPartitions(together))
        .whenComplete((outcome, _) -> {
          switch (outcome) {
            case Outcome.Accepted(long index) -> {
              var _ =
                  whenApplied.apply(index).whenComplete((applied, _) -> decided(together, applied));
            }
            case Outcome.Refusal(_, var why) -> {
              together.forEach(underWay::remove);
              together.forEach(proposal -> refused(proposal, why));
            }
            case null, default -> together.forEach(underWay::remove); // will be proposed again
          }
        });
  }

  private void decided(List<AlterPartition> together, @Nullable Applied applied) {
    for (var proposal : open(together, applied)) {
      var _ = submit(proposal);
    }
  }

  private static boolean hasMovedOn(ClusterImage image, AlterPartition proposal) {
    return image
        .partition(proposal.partition())
        .map(entry -> proposal.partitionEpoch().isBefore(entry.partitionEpoch()))
        .orElse(true);
  }

  private void refused(AlterPartition proposal, Refused why) {
    var known = directory;
    if (known != null) {
      known
          .seat(proposal.partition())
          .ifPresent(seat -> seat.tell(new ProposalRefused(proposal, why)));
    }
  }
}
