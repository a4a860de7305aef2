package dev.naru.metadata.machine;

import dev.naru.metadata.command.FinalizeMetadataVersion;
import dev.naru.metadata.event.MetadataEvent.MetadataVersionFinalized;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ConfigOrigin;
import dev.naru.metadata.image.NodeImage;
import dev.naru.types.ErrorCode;
import java.util.stream.Collectors;

/**
 * Rules about which rules are in force. They ask what the nodes have said of themselves, and never
 * what the release knows that applies them: that would differ from node to node.
 */
final class VersionRules {

  /** What a node supports is known from its last registration, also if it is gone for good. */
  private static final String HOW_TO_GO_ON =
      ": start each of them with the newer release, once is enough";

  private VersionRules() {}

  static Decision finalizeVersion(
      ClusterImage image, FinalizeMetadataVersion command, ConfigOrigin origin) {
    int wanted = command.version();
    if (wanted < image.metadataVersion()) {
      return Decision.refused(
          ErrorCode.INVALID_REQUEST,
          "Expected a metadata version of at least %s, which is in force and cannot be taken back, but was %s"
              .formatted(image.metadataVersion(), wanted));
    }
    if (wanted == image.metadataVersion()) {
      return Decision.accepted();
    }
    var unable =
        image.nodes().values().stream()
            .filter(node -> node.profile().metadataVersionMax() < wanted)
            .toList();
    return unable.isEmpty() && !image.nodes().isEmpty()
        ? Decision.accepted(new MetadataVersionFinalized(wanted, origin))
        : Decision.refused(
            ErrorCode.METADATA_VERSION_TOO_LOW,
            "Expected all registered nodes to support metadata version %s, but %s"
                .formatted(
                    wanted,
                    unable.isEmpty()
                        ? "none is registered"
                        : unable.stream()
                            .map(VersionRules::spell)
                            .collect(Collectors.joining(", ", "", HOW_TO_GO_ON))));
  }

  private static String spell(NodeImage node) {
    return "node %s of release %s supports up to %s"
        .formatted(
            node.id(), Printable.of(node.profile().version()), node.profile().metadataVersionMax());
  }
}
