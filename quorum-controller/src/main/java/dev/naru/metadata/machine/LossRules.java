package dev.naru.metadata.machine;

import dev.naru.metadata.command.DeclareLoss;
import dev.naru.metadata.command.DeclareLosses;
import dev.naru.metadata.event.PartitionCause;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.Optional;

/** Rules about what replicas announce that have to cut more than was declared (steps 7 and 20). */
final class LossRules {

  private LossRules() {}

  /** What is known already changes nothing. */
  static Decision declare(ClusterImage image, DeclareLosses command) {
    if (command.losses().size() > DeclareLosses.LOSSES_MAX) {
      return Decision.refused(
          ErrorCode.LIMIT_EXCEEDED,
          "Expected at most %s losses, but were %s"
              .formatted(DeclareLosses.LOSSES_MAX, command.losses().size()));
    }
    var drafts = new PartitionDrafts(image);
    boolean isOneSound = command.losses().isEmpty();
    Optional<Refused> refusal = Optional.empty();
    for (var loss : command.losses()) {
      var why = whyNot(image, loss);
      if (why.isEmpty()) {
        drafts.change(loss.partition(), draft -> extended(draft, loss));
        isOneSound = true;
      }
      refusal = refusal.or(() -> why);
    }
    return isOneSound
        ? new Decision.Accepted(drafts.settled(PartitionCause.LOSS_EXTENDED))
        : new Decision.Refusal(refusal.orElseThrow());
  }

  private static Optional<Refused> whyNot(ClusterImage image, DeclareLoss announced) {
    var unregistered = Registered.check(image, announced.node(), announced.epoch());
    if (unregistered.isPresent()) {
      return unregistered;
    }
    var id = announced.partition();
    var entry = image.partition(id);
    if (entry.filter(known -> known.replicaOn(announced.node()).isPresent()).isEmpty()) {
      return refused(
          ErrorCode.NOT_REPLICA, "Expected a replica of %s, but was node %s", id, announced.node());
    }
    boolean isAfterThisLog =
        announced.log().isBefore(announced.lossEpoch())
            && entry.get().losses().at(announced.lossEpoch()).isPresent();
    return isAfterThisLog
            && announced.cutFrom() >= 0
            && announced.cutFrom() <= announced.log().end()
        ? Optional.empty()
        : refused(
            ErrorCode.INVALID_REQUEST,
            "Expected a log that is subject to the loss of epoch %s of %s and is cut within, but was %s, cut to %s",
            announced.lossEpoch(),
            id,
            announced.log(),
            announced.cutFrom());
  }

  private static PartitionDraft extended(PartitionDraft draft, DeclareLoss announced) {
    return draft.withLosses(
        draft
            .losses()
            .mapped(known ->
                known.leaderEpoch().equals(announced.lossEpoch())
                    ? known.extended(announced.node(), announced.log(), announced.cutFrom())
                    : known));
  }

  private static Optional<Refused> refused(ErrorCode code, String format, Object... values) {
    return Optional.of(new Refused(code, format.formatted(values)));
  }
}
