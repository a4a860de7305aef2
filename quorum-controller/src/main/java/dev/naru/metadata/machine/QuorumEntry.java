package dev.naru.metadata.machine;

import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeImage;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Rules about who may become a member of the metadata quorum, before anything of it is changed: a
 * process that takes the place of another one there ends the metadata of that one, whatever its
 * registration is answered later.
 */
public final class QuorumEntry {

  private QuorumEntry() {}

  /**
   * Why this process must not become a member. {@code NODE_NOT_FOUND}: its node was decommissioned,
   * and if there is a node of that id, then it is another machine. {@code NODE_ID_IN_USE}: a node
   * of that id lives, or did until a moment ago. Empty if nothing speaks against it.
   *
   * @param index the entry of the metadata log that the image stands at; one that stands before the
   *     known epoch does not tell who was decommissioned
   * @param knownEpoch the newest epoch that its directories remember
   * @param directories its data directories; none if they are not told
   */
  public static Optional<Refused> whyNot(
      ClusterImage image,
      long index,
      NodeId node,
      Optional<NodeEpoch> knownEpoch,
      List<UUID> directories) {
    return Decommissioned.whyNotAsOf(image, index, node, knownEpoch)
        .or(() ->
            image
                .node(node)
                .filter(_ -> !directories.isEmpty())
                .filter(known -> directories.stream().noneMatch(known.directories()::containsKey))
                .flatMap(known -> whyNotInPlaceOf(known, index, knownEpoch)));
  }

  /** Of a process that has none of the directories of the node. */
  private static Optional<Refused> whyNotInPlaceOf(
      NodeImage known, long index, Optional<NodeEpoch> knownEpoch) {
    var since = knownEpoch.filter(epoch -> epoch.value() <= index);
    if (since.isPresent()) {
      return Optional.of(
          new Refused(
              ErrorCode.NODE_NOT_FOUND,
              "Expected one of the data directories %s of node %s, but this was node %s under epoch %s with others, and was decommissioned since; to take it in again, format it with empty directories and an id of its own"
                  .formatted(known.directories().keySet(), known.id(), known.id(), since.get())));
    }
    return known.isFenced()
        ? Optional.empty()
        : Optional.of(
            new Refused(
                ErrorCode.NODE_ID_IN_USE,
                "Expected an unused node id, but node %s lives at %s with other data directories"
                    .formatted(known.id(), known.internal())));
  }
}
