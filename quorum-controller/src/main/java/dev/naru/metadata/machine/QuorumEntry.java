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
   * or, if there is a node of that id, has none of these directories any more. {@code
   * NODE_ID_IN_USE}: a node of that id lives, or did until a moment ago. Empty if nothing speaks
   * against it.
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

  /**
   * Of a process that has none of the directories of the node. If they were of that id before, then
   * either its node was decommissioned and the id is another machine's now, or it is the node,
   * which has registered without these directories since and has lost the others: the image tells
   * no difference, so the answer tells both.
   */
  private static Optional<Refused> whyNotInPlaceOf(
      NodeImage known, long index, Optional<NodeEpoch> knownEpoch) {
    var since = knownEpoch.filter(epoch -> epoch.value() <= index);
    if (since.isPresent()) {
      return Optional.of(
          new Refused(
              ErrorCode.NODE_NOT_FOUND,
              "Expected one of the data directories %s of node %s, which was last at %s, but here are only others, which were of node %s under epoch %s. If this is that machine, bring one of those back, or empty these and run: naru node format --replace. If the id is another machine's by now, format this one with empty directories and an id of its own"
                  .formatted(
                      known.directories().keySet(),
                      known.id(),
                      known.internal(),
                      known.id(),
                      since.get())));
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
