package dev.naru.metadata.machine;

import dev.naru.metadata.command.DirectoryReport;
import dev.naru.metadata.command.RegisterNode;
import dev.naru.metadata.event.MetadataEvent;
import dev.naru.metadata.event.MetadataEvent.NodeRegistered;
import dev.naru.metadata.event.PartitionCause;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.DirectoryTrust;
import dev.naru.metadata.image.ElrPlace.Awaited;
import dev.naru.metadata.image.Flush;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.NodeIntent;
import dev.naru.metadata.image.NodeProfile;
import dev.naru.metadata.image.NodeState;
import dev.naru.metadata.image.TopicImage;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeEpoch;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * Rules about a process that presents itself. Whatever the cluster believed of its predecessor ends
 * here: the new one is in no ISR and fenced. What remains is the question whether its logs still
 * hold all they were counted for; {@link LogReportRules} answers it, log by log.
 */
final class RegistrationRules {

  /** More disks than a machine has. */
  static final int DIRECTORIES_MAX = 100;

  /** Longest rack, version, peer id or host. */
  static final int TEXT_CHARS_MAX = 255;

  private RegistrationRules() {}

  static Decision register(ClusterImage image, long index, RegisterNode command) {
    if (!command.clusterId().equals(image.clusterId())) {
      return ClusterRules.anotherCluster(image, command.clusterId());
    }
    var known = image.node(command.node());
    if (known.filter(node -> node.incarnation().equals(command.incarnation())).isPresent()) {
      return Decision.accepted();
    }
    return checkForm(image, command)
        .or(() -> Decommissioned.whyNot(image, command.node(), newestEpoch(command)))
        .or(() -> checkKnownEpoch(known.map(NodeImage::epoch), command))
        .or(() -> known.flatMap(node -> checkDirectories(node, command)))
        .<Decision>map(Decision.Refusal::new)
        .orElseGet(() -> registered(image, index, command, known));
  }

  private static Optional<Refused> checkForm(ClusterImage image, RegisterNode command) {
    var profile = command.profile();
    if (profile.metadataVersionMax() < image.metadataVersion()) {
      return refused(
          ErrorCode.UNSUPPORTED_VERSION,
          "Expected a node that understands metadata version %s, but node %s understands up to %s: start it with the newer release"
              .formatted(image.metadataVersion(), command.node(), profile.metadataVersionMax()));
    }
    if (profile.metadataVersionMin() > image.metadataVersion()) {
      return refused(
          ErrorCode.UNSUPPORTED_VERSION,
          "Expected a node that understands metadata version %s, but node %s understands no older than %s: upgrade by way of a release between"
              .formatted(image.metadataVersion(), command.node(), profile.metadataVersionMin()));
    }
    if (texts(profile).anyMatch(text -> text.length() > TEXT_CHARS_MAX)) {
      return refused(
          ErrorCode.LIMIT_EXCEEDED,
          "Expected texts of at most %s characters, but node %s has a longer name or address"
              .formatted(TEXT_CHARS_MAX, command.node()));
    }
    if (command.directories().size() > DIRECTORIES_MAX) {
      return refused(
          ErrorCode.LIMIT_EXCEEDED,
          "Expected at most %s data directories, but node %s has %s"
              .formatted(DIRECTORIES_MAX, command.node(), command.directories().size()));
    }
    var ids = TreePSet.from(command.directories().stream().map(DirectoryReport::id).toList());
    return ids.isEmpty() || ids.size() != command.directories().size()
        ? refused(
            ErrorCode.INVALID_REQUEST,
            "Expected at least one data directory, each with an id of its own, but node %s has %s"
                .formatted(command.node(), ids))
        : Optional.empty();
  }

  private static Stream<String> texts(NodeProfile profile) {
    var endpoints = profile.endpoints();
    return Stream.of(
        profile.rack().orElse(""),
        profile.version(),
        profile.raftPeerId(),
        endpoints.client().host(),
        endpoints.internal().host(),
        endpoints.raft().host(),
        endpoints.http().host());
  }

  private static Optional<NodeEpoch> newestEpoch(RegisterNode command) {
    return command.directories().stream()
        .flatMap(found -> found.storedEpoch().stream())
        .max(Comparator.naturalOrder());
  }

  /**
   * A process that died may have left a registration on its way. If it comes after that of its
   * successor, nobody is behind it, and what it says of the directories is old.
   */
  private static Optional<Refused> checkKnownEpoch(
      Optional<NodeEpoch> registered, RegisterNode command) {
    return registered.equals(command.knownEpoch())
        ? Optional.empty()
        : refused(
            ErrorCode.FENCED_NODE_EPOCH,
            "Expected node %s to be registered under epoch %s still, but it is under %s"
                .formatted(command.node(), spell(command.knownEpoch()), spell(registered)));
  }

  private static String spell(Optional<NodeEpoch> epoch) {
    return epoch.map(NodeEpoch::toString).orElse("none");
  }

  /** A process with none of the directories known is not the node that was registered. */
  private static Optional<Refused> checkDirectories(NodeImage known, RegisterNode command) {
    boolean sharesOne =
        command.directories().stream()
            .anyMatch(found -> known.directories().containsKey(found.id()));
    if (sharesOne) {
      return Optional.empty();
    }
    if (!known.isFenced()) {
      return refused(
          ErrorCode.NODE_ID_IN_USE,
          "Expected an unused node id, but node %s lives at %s with other data directories"
              .formatted(known.id(), known.internal()));
    }
    return command.replacesLost()
        ? Optional.empty()
        : refused(
            ErrorCode.DIRECTORY_MISMATCH,
            ("Expected node %s with one of its data directories %s, but it has none of them;"
                    + " if they are lost, format the new ones with --replace")
                .formatted(known.id(), known.directories().keySet()));
  }

  private static Decision registered(
      ClusterImage image, long index, RegisterNode command, Optional<NodeImage> known) {
    var id = command.node();
    var node =
        new NodeImage(
            id,
            new NodeEpoch(index),
            command.incarnation(),
            NodeState.STARTING,
            command.profile(),
            trust(command, known),
            command.lastStop(),
            false,
            known.flatMap(NodeImage::lastUnfenced),
            known.map(NodeImage::intent).orElse(NodeIntent.NONE),
            false);
    var changes =
        PartitionSweep.changes(
            image.withNode(node),
            PartitionCause.NODE_REGISTERED,
            partition -> partition.involves(id) || partition.losses().anyWaitsFor(id),
            (topic, draft) ->
                mayHoldAll(topic, command.lastStop())
                    ? draft.leaving(id, new Awaited())
                    : draft.ruledOut(id));
    var events = new ArrayList<MetadataEvent>();
    events.add(new NodeRegistered(node));
    events.addAll(changes);
    return new Decision.Accepted(events);
  }

  /** What the page cache held is gone after an unclean stop, and with flush=os it was counted. */
  private static boolean mayHoldAll(TopicImage topic, LastStop lastStop) {
    return lastStop == LastStop.CLEAN || topic.settings().flush() == Flush.QUORUM;
  }

  /**
   * A directory is trusted if it has been this node's since before it was last unfenced, and is not
   * an older copy of itself: the epoch stored in it must be that of the last unfencing or a later
   * one.
   */
  private static TreePMap<UUID, DirectoryTrust> trust(
      RegisterNode command, Optional<NodeImage> known) {
    TreePMap<UUID, DirectoryTrust> trust = TreePMap.empty();
    for (var found : command.directories()) {
      boolean trusted = known.filter(node -> isTrusted(node, found)).isPresent();
      trust = trust.plus(found.id(), trusted ? DirectoryTrust.TRUSTED : DirectoryTrust.UNTRUSTED);
    }
    return trust;
  }

  private static boolean isTrusted(NodeImage known, DirectoryReport found) {
    boolean wasTrusted =
        Optional.ofNullable(known.directories().get(found.id()))
            .filter(trust -> trust == DirectoryTrust.TRUSTED || known.wasUnfencedUnderThisEpoch())
            .isPresent();
    boolean isOldCopy =
        known
            .lastUnfenced()
            .filter(last -> found.storedEpoch().filter(e -> !e.isBefore(last)).isEmpty())
            .isPresent();
    return wasTrusted && !isOldCopy;
  }

  private static Optional<Refused> refused(ErrorCode code, String reason) {
    return Optional.of(new Refused(code, reason));
  }
}
