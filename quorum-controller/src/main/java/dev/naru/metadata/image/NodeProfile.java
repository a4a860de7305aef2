package dev.naru.metadata.image;

import java.util.Optional;

/**
 * What a node says of itself when it registers.
 *
 * @param raftPeerId its id in the Raft group; another one after its metadata directory was lost
 * @param version the release it runs, for people
 * @param metadataVersionMin the oldest metadata version whose rules it still follows
 * @param metadataVersionMax the newest metadata version whose commands it understands
 */
public record NodeProfile(
    Optional<String> rack,
    NodeEndpoints endpoints,
    String raftPeerId,
    String version,
    int metadataVersionMin,
    int metadataVersionMax) {

  /** That of the first release. */
  public static final int METADATA_VERSION_FIRST = 1;

  /** Of a release that follows all rules from the first ones on. */
  public NodeProfile(
      Optional<String> rack,
      NodeEndpoints endpoints,
      String raftPeerId,
      String version,
      int metadataVersionMax) {
    this(rack, endpoints, raftPeerId, version, METADATA_VERSION_FIRST, metadataVersionMax);
  }
}
