package dev.naru.broker.rpc;

import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.FinalizeMetadataVersion;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.log.Applied;
import dev.naru.metadata.machine.MetadataMachine;
import dev.naru.proto.admin.v1.FinalizeUpgradeRequest;
import dev.naru.proto.admin.v1.NodeReadiness;
import dev.naru.proto.admin.v1.UpgradeReadiness;
import dev.naru.types.NodeId;
import java.util.function.Function;
import java.util.function.Supplier;

/** Says how far the nodes are on the way to newer rules, and puts these into force. */
final class UpgradeDesk {

  private final NodeId self;
  private final Supplier<ClusterSnapshot> cluster;
  private final Function<MetadataCommand, Applied> changes;
  private final Supplier<String> caller;

  /**
   * Makes changes by this function, which gives what this node has applied with them in it.
   *
   * @param caller who asks in the call under way
   */
  UpgradeDesk(
      NodeId self,
      Supplier<ClusterSnapshot> cluster,
      Function<MetadataCommand, Applied> changes,
      Supplier<String> caller) {
    this.self = self;
    this.cluster = cluster;
    this.changes = changes;
    this.caller = caller;
  }

  UpgradeReadiness check() {
    return readiness(cluster.get().image());
  }

  /**
   * How far the nodes are afterwards, or would be.
   *
   * @throws io.grpc.StatusRuntimeException METADATA_VERSION_TOO_LOW if a registered node does not
   *     know those rules
   */
  UpgradeReadiness finish(FinalizeUpgradeRequest request) {
    var now = cluster.get();
    int version =
        request.getMetadataVersion() == 0 ? newest(now.image()) : request.getMetadataVersion();
    var command = new FinalizeMetadataVersion(version, caller.get());
    return readiness(
        request.getValidateOnly() ? wouldBe(now, command) : changes.apply(command).image());
  }

  private ClusterImage wouldBe(ClusterSnapshot now, MetadataCommand command) {
    var envelope = new CommandEnvelope(self, CommandEnvelope.UNREGISTERED, 0, 0, command);
    var transition = MetadataMachine.apply(now.image(), now.index() + 1, envelope);
    if (transition.outcome() instanceof Outcome.Refusal(_, var why)) {
      throw ErrorStatus.of(why);
    }
    return transition.image();
  }

  private static int newest(ClusterImage image) {
    return image.nodes().values().stream()
        .mapToInt(node -> node.profile().metadataVersionMax())
        .max()
        .orElse(image.metadataVersion());
  }

  private static UpgradeReadiness readiness(ClusterImage image) {
    int newest = newest(image);
    var nodes =
        image.nodes().values().stream().map(node -> readiness(image, node, newest)).toList();
    return UpgradeReadiness.newBuilder()
        .setMetadataVersion(image.metadataVersion())
        .setMetadataVersionNewest(newest)
        .setReady(
            newest > image.metadataVersion() && nodes.stream().allMatch(NodeReadiness::getReady))
        .addAllNodes(nodes)
        .build();
  }

  private static NodeReadiness readiness(ClusterImage image, NodeImage node, int newest) {
    var profile = node.profile();
    boolean isReady = profile.metadataVersionMax() >= newest;
    return NodeReadiness.newBuilder()
        .setNode(node.id().value())
        .setVersion(profile.version())
        .setMetadataVersionMin(profile.metadataVersionMin())
        .setMetadataVersionMax(profile.metadataVersionMax())
        .setState(NodeAdminService.stateOf(image, node))
        .setReady(isReady)
        .setReason(reason(node, isReady, newest))
        .build();
  }

  private static String reason(NodeImage node, boolean isReady, int newest) {
    var missing =
        isReady
            ? ""
            : "knows metadata version %d of %d: upgrade it"
                .formatted(node.profile().metadataVersionMax(), newest);
    if (!node.isFenced()) {
      return missing;
    }
    var gone = "is not there; what it said when it registered last counts";
    return missing.isEmpty() ? gone : missing + "; " + gone;
  }
}
