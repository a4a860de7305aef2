package dev.naru.broker.upkeep;

import dev.naru.broker.events.EventCode;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.metadata.image.DeclaredLoss;
import dev.naru.metadata.image.ImageDelta;
import dev.naru.metadata.image.LossCause;
import dev.naru.metadata.log.Applied;
import dev.naru.metadata.log.ImageSubscriber;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Tells of records that were given up, when that is declared and when more becomes known of it. The
 * nodes that hold a replica tell of it: they are where an operator looks, and one of them is there.
 */
public final class LossNotices implements ImageSubscriber {

  private static final Logger LOG = LogManager.getLogger(LossNotices.class);

  private final NodeId self;
  private final NodeMeters meters;

  /** Tells of the partitions of this node. */
  public LossNotices(NodeId self, NodeMeters meters) {
    this.self = self;
    this.meters = meters;
  }

  @Override
  public void imageChanged(ImageDelta delta, Applied applied) {
    for (var id : delta.partitions()) {
      var before = delta.before().partition(id);
      if (before.isEmpty()) {
        continue; // it is new; or this is the first image, and all is old
      }
      var after = delta.after().partition(id).filter(entry -> entry.replicaOn(self).isPresent());
      if (after.isPresent()) {
        var known = before.get().losses();
        var now = after.get().losses();
        now.newsSince(known)
            .forEach(loss -> tell(delta, id, loss, now.declaredBefore(loss, known)));
        now.passedOverSince(known).forEach(loss -> tellPassedOver(delta, id, loss));
        now.disprovedSince(known).forEach(loss -> tellNothing(delta, id, loss));
      }
    }
  }

  private void tell(ImageDelta delta, PartitionId id, DeclaredLoss loss, long known) {
    meters.count(EventCode.DATA_LOSS_DECLARED);
    var topic = delta.after().topic(id.topic()).orElseThrow().name();
    if (delta.after().partition(id).filter(entry -> entry.isLedBy(self)).isPresent()) {
      meters.lost(topic, Math.max(0, loss.offsets() - known));
    }
    LOG.warn(
        EventCode.DATA_LOSS_DECLARED.marker(),
        "Records of {} are lost: offsets {}, {}; given up by {} when leader epoch {} began. {}",
        delta.after().nameOf(id),
        loss.ranges(),
        loss.isExact() ? "and no more" : "at least",
        loss.cause() == LossCause.OPERATOR ? "an operator" : "the topic's recovery.mode",
        loss.leaderEpoch(),
        whoCanSayMore(loss));
  }

  private void tellPassedOver(ImageDelta delta, PartitionId id, DeclaredLoss loss) {
    meters.count(EventCode.REPLICA_PASSED_OVER);
    LOG.warn(
        EventCode.REPLICA_PASSED_OVER.marker(),
        "{} goes on in leader epoch {} without nodes {}, which have more: their disks did not store it in time. Look at those disks",
        delta.after().nameOf(id),
        loss.leaderEpoch(),
        loss.passedOver());
  }

  private void tellNothing(ImageDelta delta, PartitionId id, DeclaredLoss loss) {
    meters.count(EventCode.DATA_LOSS_DECLARED);
    LOG.warn(
        EventCode.DATA_LOSS_DECLARED.marker(),
        "Nothing of {} was lost after all when leader epoch {} began",
        delta.after().nameOf(id),
        loss.leaderEpoch());
  }

  private static String whoCanSayMore(DeclaredLoss loss) {
    if (loss.isExact()) {
      return "It is known from all replicas that held every acknowledged record";
    }
    return loss.unheard().isEmpty()
        ? "Nobody is left who could say exactly how much"
        : "Not heard yet, though they hold all of it: nodes " + loss.unheard();
  }
}
