package dev.naru.metadata.command;

import dev.naru.metadata.image.ClusterDefaults;

/**
 * The first command of a cluster, sent by an active controller whose image is not initialized.
 * Until then every other command is refused. Sent again it changes nothing.
 *
 * @param defaults taken from the configuration of that controller, in force for the whole cluster
 */
public record InitializeCluster(String clusterId, int metadataVersion, ClusterDefaults defaults)
    implements MetadataCommand {}
