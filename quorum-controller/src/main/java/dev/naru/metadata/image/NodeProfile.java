package dev.naru.metadata.image;

import java.util.Optional;

/**
 * What a node says of itself when it registers.
 *
 * @param raftPeerId its id in the Raft group; another one after its metadata directory was lost
 * @param version the release it runs, for people
 * @param metadataVersionMax the newest metadata version whose commands it understands
 */
public record NodeProfile(
    Optional<String> rack,
    NodeEndpoints endpoints,
    String raftPeerId,
    String version,
    int metadataVersionMax) {}
