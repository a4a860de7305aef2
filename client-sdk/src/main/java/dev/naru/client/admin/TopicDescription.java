package dev.naru.client.admin;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;

/**
 * A topic as the answering node sees it.
 *
 * @param id another one if the name was deleted and created again; empty when nothing was created
 * @param etag changes with every change of the topic
 * @param configs settings that differ from the cluster's defaults
 * @param partitions in the order of their numbers
 * @param warnings what whoever created it should know
 */
public record TopicDescription(
    String name,
    Optional<UUID> id,
    String etag,
    Instant created,
    int partitionCount,
    int replicationFactor,
    SortedMap<String, String> configs,
    List<PartitionDescription> partitions,
    List<TopicWarning> warnings) {}
