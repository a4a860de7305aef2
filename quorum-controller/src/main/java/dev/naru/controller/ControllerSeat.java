package dev.naru.controller;

import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.types.NodeId;

/**
 * Who this node is as a controller.
 *
 * @param defaults what it gives to a cluster that does not exist yet
 * @param metadataVersion the rules that it puts into force there: the newest of its release
 */
public record ControllerSeat(NodeId node, ClusterDefaults defaults, int metadataVersion) {

  /** Of this release. */
  public ControllerSeat(NodeId node, ClusterDefaults defaults) {
    this(node, defaults, ClusterImage.METADATA_VERSION_LATEST);
  }
}
