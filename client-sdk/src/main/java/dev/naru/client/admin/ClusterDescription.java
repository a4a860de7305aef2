package dev.naru.client.admin;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * The cluster as the answering node sees it.
 *
 * @param metadataIndex position in the metadata log that the answer reflects
 * @param imageAge time since the answering node last knew that it was current
 * @param controller the active controller, when one is known
 * @param voters nodes that vote in the metadata quorum
 * @param listeners nodes that only follow it
 * @param version release of the answering node
 */
public record ClusterDescription(
    String clusterId,
    int metadataVersion,
    long metadataIndex,
    Duration imageAge,
    OptionalInt controller,
    List<Integer> voters,
    List<Integer> listeners,
    int nodeCount,
    int liveNodeCount,
    int topicCount,
    int partitionCount,
    int offlinePartitionCount,
    int underReplicatedPartitionCount,
    String version) {}
