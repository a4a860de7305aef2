package dev.naru.metadata.ratis;

import dev.naru.metadata.image.ClusterImage;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * What a metadata directory holds.
 *
 * @param peer the id under which the node takes part in the quorum
 * @param term the newest one that the node has heard of; empty before its first start
 * @param votedFor the peer that it voted for in it, if any
 * @param snapshot where the snapshot ends that the image begins with; empty if there is none
 * @param first the log's first entry; empty if it has none
 * @param last the log's last entry that can be read
 * @param committed up to here the log is known to be committed; the cluster may know more
 * @param at the last entry that the image holds
 * @param image what the cluster had agreed on by then
 * @param faults what is damaged or cannot be read, most important first; what comes after it is not
 *     in the image
 */
public record InspectedMetadata(
    UUID cluster,
    NodeId node,
    String peer,
    OptionalLong term,
    Optional<String> votedFor,
    Optional<LogPosition> snapshot,
    Optional<LogPosition> first,
    Optional<LogPosition> last,
    long committed,
    LogPosition at,
    ClusterImage image,
    List<Refused> faults) {

  /** Copies the list. */
  public InspectedMetadata {
    faults = List.copyOf(faults);
  }
}
