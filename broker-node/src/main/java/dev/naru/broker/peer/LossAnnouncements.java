package dev.naru.broker.peer;

import dev.naru.broker.events.EventCode;
import dev.naru.metadata.command.DeclareLoss;
import dev.naru.metadata.command.DeclareLosses;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.image.Outcome;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Brings to the controller what the followers of this node would have to cut, and may not before it
 * is declared. A follower that is not heard announces again after a while, so nothing is kept for
 * long, and what is said twice changes nothing. Any thread may call.
 */
final class LossAnnouncements {

  private static final Logger LOG = LogManager.getLogger(LossAnnouncements.class);

  /** One for each partition after a power cut of all; whoever is not heard says it again. */
  static final int WAITING_MAX = 10_000;

  private static final int TOGETHER_MAX = DeclareLosses.LOSSES_MAX / 4;

  private final Function<MetadataCommand, CompletableFuture<Outcome>> controller;

  // Guarded by this.
  private final LinkedHashSet<DeclareLoss> toAnnounce = new LinkedHashSet<>();
  private Set<DeclareLoss> beingAnnounced = Set.of();

  LossAnnouncements(Function<MetadataCommand, CompletableFuture<Outcome>> controller) {
    this.controller = controller;
  }

  void announce(DeclareLoss loss) {
    synchronized (this) {
      if (toAnnounce.size() < WAITING_MAX && !beingAnnounced.contains(loss)) {
        toAnnounce.add(loss);
      }
    }
    sendNext();
  }

  /** One command at a time: the rest gathers meanwhile, and room stays for leaders. */
  private void sendNext() {
    DeclareLosses command;
    synchronized (this) {
      if (!beingAnnounced.isEmpty() || toAnnounce.isEmpty()) {
        return;
      }
      command = new DeclareLosses(toAnnounce.stream().limit(TOGETHER_MAX).toList());
      beingAnnounced = new HashSet<>(command.losses());
      toAnnounce.removeAll(beingAnnounced);
    }
    var _ =
        sent(command)
            .whenComplete((outcome, _) -> {
              if (outcome instanceof Outcome.Refusal(_, var why)) {
                LOG.info("{} losses were not announced: {}", command.losses().size(), why);
              }
              synchronized (this) {
                beingAnnounced = Set.of();
              }
              sendNext();
            });
  }

  /**
   * A fault that is thrown ends in the future as well: else {@code beingAnnounced} would stay full,
   * and nothing would be announced any more.
   */
  private CompletableFuture<Outcome> sent(DeclareLosses command) {
    try {
      return controller.apply(command);
    } catch (RuntimeException e) {
      LOG.warn(
          EventCode.INTERNAL_FAULT.marker(),
          "{} losses were not announced",
          command.losses().size(),
          e);
      return CompletableFuture.failedFuture(e);
    }
  }
}
