package dev.naru.metadata.chronicle;

import dev.naru.metadata.chronicle.EntryEvents.Fields;
import dev.naru.metadata.chronicle.EventSubject.OfNode;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeIntent;
import dev.naru.metadata.image.NodeState;
import dev.naru.types.NodeId;
import java.util.Collection;
import java.util.Optional;

/** Tells of nodes that come and go, and of what is wanted of them. */
final class NodeChronicle {

  private NodeChronicle() {}

  static void tell(
      ClusterImage before, ClusterImage after, Collection<NodeId> nodes, EntryEvents entry) {
    for (var id : nodes) {
      var old = before.node(id);
      var now = after.node(id);
      if (now.isPresent()) {
        process(old, now.get(), entry);
        intent(old.map(NodeImage::intent).orElse(NodeIntent.NONE), now.get(), entry);
      } else if (old.isPresent()) {
        entry.add(ClusterEventCode.NODE_REMOVED, new OfNode(id), new Fields());
      }
    }
  }

  private static void process(Optional<NodeImage> old, NodeImage now, EntryEvents entry) {
    var subject = new OfNode(now.id());
    if (old.map(NodeImage::epoch).filter(now.epoch()::equals).isEmpty()) {
      entry.add(
          ClusterEventCode.NODE_REGISTERED,
          subject,
          new Fields()
              .with("release", now.profile().version())
              .with("node_epoch", now.epoch())
              .with("rack", now.rack())
              .with("last_stop", old.isEmpty() ? "none" : lastStop(now)));
    } else {
      var was = old.orElseThrow();
      state(was, now)
          .ifPresent(
              code -> entry.add(code, subject, new Fields().with("node_epoch", now.epoch())));
    }
  }

  private static String lastStop(NodeImage node) {
    return node.lastStop() == LastStop.CLEAN ? "clean" : "unclean";
  }

  /** The one thing to say of two states of the same process. */
  private static Optional<ClusterEventCode> state(NodeImage was, NodeImage now) {
    if (was.state() == now.state() || (was.isFenced() && now.isFenced())) {
      return Optional.empty();
    }
    if (was.isFenced()) {
      return Optional.of(ClusterEventCode.NODE_UNFENCED);
    }
    return Optional.of(
        switch (now.state()) {
          case STARTING, FENCED -> ClusterEventCode.NODE_FENCED;
          case STOPPING -> ClusterEventCode.NODE_STOPPING;
          case SUSPECTED -> ClusterEventCode.ISR_SHRINK_STORM;
          case ACTIVE ->
              was.state() == NodeState.SUSPECTED
                  ? ClusterEventCode.NODE_TRUSTED
                  : ClusterEventCode.NODE_UNFENCED;
        });
  }

  private static void intent(NodeIntent was, NodeImage now, EntryEvents entry) {
    if (was != now.intent()) {
      entry.add(
          switch (now.intent()) {
            case NONE -> ClusterEventCode.NODE_UNDRAINED;
            case DRAIN -> ClusterEventCode.NODE_DRAINING;
            case REMOVE -> ClusterEventCode.NODE_DECOMMISSIONING;
          },
          new OfNode(now.id()),
          new Fields());
    }
  }
}
