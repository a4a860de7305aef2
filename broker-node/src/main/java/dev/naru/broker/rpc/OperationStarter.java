package dev.naru.broker.rpc;

import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.DecommissionNode;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.OperationImage;
import dev.naru.metadata.image.OperationKind;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.machine.CommandVersion;
import dev.naru.metadata.machine.MetadataMachine;
import dev.naru.proto.admin.v1.Operation;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Begins operations, or says what would come of them. */
public final class OperationStarter {

  private final NodeId self;
  private final Supplier<ClusterSnapshot> cluster;
  private final Function<MetadataCommand, ClusterImage> changes;
  private final RandomGenerator dice;
  private final LongSupplier wallMillis;

  /** Begins them by these changes; dry runs show this node's time. */
  public OperationStarter(
      NodeId self,
      Supplier<ClusterSnapshot> cluster,
      MetadataChanges changes,
      RandomGenerator dice,
      LongSupplier wallMillis) {
    this(self, cluster, command -> changes.make(command).image(), dice, wallMillis);
  }

  OperationStarter(
      NodeId self,
      Supplier<ClusterSnapshot> cluster,
      Function<MetadataCommand, ClusterImage> changes,
      RandomGenerator dice,
      LongSupplier wallMillis) {
    this.self = self;
    this.cluster = cluster;
    this.changes = changes;
    this.dice = dice;
    this.wallMillis = wallMillis;
  }

  /**
   * The operation that begins by this command, or would.
   *
   * @throws io.grpc.StatusRuntimeException if it is refused, or nothing is known of it in time
   */
  Operation begin(String requestId, boolean isDryRun, Function<UUID, MetadataCommand> commandOf) {
    var id = requestId.isEmpty() ? NewTopicId.from(dice).value() : idOf(requestId);
    var command = commandOf.apply(id);
    var before = cluster.get();
    var after = isDryRun ? wouldBe(before, command) : changes.apply(command);
    var operation =
        after
            .operation(id)
            .or(() -> underWay(before.image(), after, command))
            .orElseThrow(() -> NamedOperations.notFound(id));
    return isDryRun
        ? OperationCodec.planned(before.image(), after, operation)
        : OperationCodec.whole(after, operation);
  }

  /** The cluster after this command, or as it would be. */
  ClusterImage changed(MetadataCommand command, boolean isDryRun) {
    return isDryRun ? wouldBe(cluster.get(), command) : changes.apply(command);
  }

  /**
   * Of a node that was being decommissioned before, it is only said that it is gone; what goes on,
   * or has ended with that, is the operation of before.
   */
  private static Optional<OperationImage> underWay(
      ClusterImage before, ClusterImage after, MetadataCommand command) {
    if (!(command instanceof DecommissionNode decommission)) {
      return Optional.empty();
    }
    return before.operations().values().stream()
        .filter(each -> each.kind() == OperationKind.DECOMMISSION_NODE && each.isRunning())
        .filter(each -> each.node().equals(Optional.of(decommission.node())))
        .max(Comparator.comparingLong(OperationImage::createdIndex))
        .flatMap(each -> after.operation(each.id()));
  }

  /** What a request says of the rate; nothing if it leaves it to the nodes. */
  static OptionalLong rate(boolean isSet, long bytesPerSecond) {
    return isSet ? OptionalLong.of(bytesPerSecond) : OptionalLong.empty();
  }

  /** By the same gate, and the same decision, as in the metadata log now. */
  private ClusterImage wouldBe(ClusterSnapshot now, MetadataCommand command) {
    CommandVersion.whyNot(now.image(), command)
        .ifPresent(why -> {
          throw ErrorStatus.of(why);
        });
    var envelope =
        new CommandEnvelope(self, CommandEnvelope.UNREGISTERED, 0, wallMillis.getAsLong(), command);
    var transition = MetadataMachine.apply(now.image(), now.index() + 1, envelope);
    if (transition.outcome() instanceof Outcome.Refusal(_, var why)) {
      throw ErrorStatus.of(why);
    }
    return transition.image();
  }

  private static UUID idOf(String requestId) {
    return OperationCodec.idOf("operations/" + requestId)
        .filter(OperationCodec::isAnId)
        .orElseThrow(() ->
            ErrorStatus.ofField(
                new Refused(
                    ErrorCode.INVALID_REQUEST,
                    "Expected request_id to be a UUID, but was " + requestId),
                "request_id"));
  }
}
