package dev.naru.metadata.chronicle;

import dev.naru.metadata.chronicle.EntryEvents.Fields;
import dev.naru.metadata.chronicle.EventSubject.OfNode;
import dev.naru.metadata.chronicle.EventSubject.OfOperation;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.OperationImage;
import dev.naru.metadata.image.OperationKind;
import dev.naru.metadata.image.OperationState;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;

/** Tells of what takes longer than a call: that it began, is to be undone, and ended. */
final class OperationChronicle {

  private OperationChronicle() {}

  static void tell(
      ClusterImage before, ClusterImage after, Collection<UUID> operations, EntryEvents entry) {
    for (var id : operations) {
      after.operation(id).ifPresent(now -> tell(before.operation(id), now, entry));
    }
  }

  private static void tell(Optional<OperationImage> old, OperationImage now, EntryEvents entry) {
    var subject = new OfOperation(now.id());
    if (old.isEmpty()) {
      entry.add(ClusterEventCode.OPERATION_BEGUN, subject, fields(now));
    }
    if (now.state() == old.map(OperationImage::state).orElse(OperationState.RUNNING)) {
      return;
    }
    if (!now.state().isFinished()) {
      entry.add(ClusterEventCode.OPERATION_CANCELLING, subject, fields(now));
      return;
    }
    if (now.kind() == OperationKind.DRAIN_NODE && now.state() == OperationState.DONE) {
      now.node()
          .ifPresent(node ->
              entry.add(
                  ClusterEventCode.NODE_DRAINED,
                  new OfNode(node),
                  new Fields().with("operation", now.id())));
    }
    entry.add(ClusterEventCode.OPERATION_FINISHED, subject, fields(now));
  }

  private static Fields fields(OperationImage operation) {
    return new Fields()
        .with("kind", operation.kind())
        .with("target", operation.node().map(node -> "node " + node).orElse("partitions"))
        .with("state", operation.state())
        .with("done", operation.done())
        .with("total", operation.total());
  }
}
