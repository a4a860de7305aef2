package dev.naru.controller;

import dev.naru.metadata.image.ClusterDefaults;
import dev.naru.types.NodeId;

/**
 * Who this node is as a controller.
 *
 * @param defaults what it gives to a cluster that does not exist yet
 */
public record ControllerSeat(NodeId node, ClusterDefaults defaults) {}
