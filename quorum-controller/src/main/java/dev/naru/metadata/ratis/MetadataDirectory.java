package dev.naru.metadata.ratis;

import dev.naru.metadata.log.MetadataLogException;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * {@code metadata.dir}: the node's identity in the quorum ({@code naru.meta}) and, below {@code
 * raft/}, what belongs to Ratis.
 *
 * <p>It keeps a voter from forgetting. Ratis formats a missing directory without a word; a voter
 * whose disk was not mounted would come back with an empty log under its old name and be counted as
 * complete. So the identity remembers that the log existed, and a node whose log is gone starts
 * only after an operator has formatted the directory anew, under a new peer id.
 */
public final class MetadataDirectory {

  private static final int UUID_PREFIX = 8;

  private final Path path;
  private final MetadataIdentity identity;

  private MetadataDirectory(Path path, MetadataIdentity identity) {
    this.path = path;
    this.identity = identity;
  }

  /** Whether it has an identity, readable or not. */
  public static boolean isFormatted(Path path) {
    return Files.exists(MetadataIdentity.file(path));
  }

  /** The cluster it was formatted for; empty when it has no identity. */
  public static Optional<UUID> clusterOf(Path path) throws MetadataLogException {
    return isFormatted(path)
        ? Optional.of(MetadataIdentity.read(path).cluster())
        : Optional.empty();
  }

  /** Gives an empty directory the identity of a node that takes part for the first time. */
  public static void format(Path path, UUID cluster, NodeId node, UUID directory)
      throws MetadataLogException {
    write(path, new MetadataIdentity(cluster, node, directory, node.toString(), false));
  }

  /**
   * Gives an empty directory the identity of a node whose disk was lost: a new peer id, under which
   * it joins as a listener and fills its log before it may vote again.
   */
  public static void formatReplacement(Path path, UUID cluster, NodeId node, UUID directory)
      throws MetadataLogException {
    String peer = node + "." + directory.toString().substring(0, UUID_PREFIX);
    write(path, new MetadataIdentity(cluster, node, directory, peer, false));
  }

  private static void write(Path path, MetadataIdentity identity) throws MetadataLogException {
    if (isFormatted(path)) {
      var owner = MetadataIdentity.read(path);
      throw new MetadataLogException(
          ErrorCode.DIRECTORY_MISMATCH,
          "Expected an empty metadata directory to format, but %s is already formatted for cluster %s node %s"
              .formatted(path, owner.cluster(), owner.node()));
    }
    if (Files.exists(raft(path))) {
      throw new MetadataLogException(
          ErrorCode.DIRECTORY_MISMATCH,
          "Expected an empty metadata directory to format, but " + path + " is in use");
    }
    try {
      Files.createDirectories(path);
      StartEvidence.discard(path); // of a log that somebody has removed
      identity.write(path);
    } catch (IOException e) {
      throw new MetadataLogException(
          ErrorCode.STORAGE_FAILED, "Expected to write to " + path + ", but: " + e.getMessage(), e);
    }
  }

  /** Opens it and refuses one that belongs to somebody else, or whose log is gone. */
  static MetadataDirectory open(QuorumSeat seat) throws MetadataLogException {
    Path path = seat.directory();
    if (!isFormatted(path)) {
      throw new MetadataLogException(
          ErrorCode.DIRECTORY_MISMATCH,
          "Expected a formatted metadata directory, but "
              + path
              + " has no naru.meta. If its disk is mounted and the node is new, run: naru node format");
    }
    var directory = new MetadataDirectory(path, MetadataIdentity.read(path));
    directory.refuseForeign(seat);
    directory.refuseForgetful();
    directory.refuseOtherGroups();
    return directory;
  }

  private void refuseForeign(QuorumSeat seat) throws MetadataLogException {
    if (!identity.cluster().equals(seat.cluster()) || !identity.node().equals(seat.node())) {
      throw new MetadataLogException(
          ErrorCode.DIRECTORY_MISMATCH,
          "Expected "
              + path
              + " to belong to node "
              + seat.node()
              + " of cluster "
              + seat.cluster()
              + ", but it belongs to node "
              + identity.node()
              + " of cluster "
              + identity.cluster());
    }
  }

  private void refuseForgetful() throws MetadataLogException {
    if (identity.joined() && !Files.exists(raftMeta())) {
      throw new MetadataLogException(
          ErrorCode.DIRECTORY_MISMATCH,
          "Expected the metadata log of node "
              + identity.node()
              + " in "
              + raft(path)
              + ", but it is gone. If its disk is only not mounted, mount it; if the log is lost, run: naru node"
              + " format --replace, and the node joins again under a new peer id");
    }
  }

  /** Ratis would run every group that it finds. */
  private void refuseOtherGroups() throws MetadataLogException {
    if (!Files.isDirectory(raft(path))) {
      return;
    }
    try (var entries = Files.list(raft(path))) {
      var others =
          entries
              .map(entry -> entry.getFileName().toString())
              .filter(name -> !name.equals(identity.cluster().toString()))
              .sorted()
              .toList();
      if (!others.isEmpty()) {
        throw new MetadataLogException(
            ErrorCode.DIRECTORY_MISMATCH,
            "Expected only the log of cluster "
                + identity.cluster()
                + " in "
                + raft(path)
                + ", but found "
                + others);
      }
    } catch (IOException e) {
      throw new MetadataLogException(
          ErrorCode.STORAGE_FAILED,
          "Expected to list " + raft(path) + ", but: " + e.getMessage(),
          e);
    }
  }

  /** Notes that the log exists; from now on the node does not start without it. */
  void noteJoined() throws MetadataLogException {
    if (identity.joined()) {
      return;
    }
    try {
      identity.withJoined().write(path);
    } catch (IOException e) {
      throw new MetadataLogException(
          ErrorCode.STORAGE_FAILED, "Expected to write to " + path + ", but: " + e.getMessage(), e);
    }
  }

  /** The id under which this directory takes part in the quorum. */
  String peer() {
    return identity.peer();
  }

  /**
   * Whether it has yet to take part, under the node's first peer id; one that stands in for a lost
   * disk has another.
   */
  boolean isNew() {
    return !identity.joined() && identity.peer().equals(identity.node().toString());
  }

  /** Whether its log exists already. */
  boolean hasLog() {
    return Files.exists(raftMeta());
  }

  /** The part that belongs to Ratis. */
  static Path raft(Path metadataDirectory) {
    return metadataDirectory.resolve("raft");
  }

  /** Where Ratis keeps the log of this cluster. */
  static Path current(Path metadataDirectory, UUID cluster) {
    return raft(metadataDirectory).resolve(cluster.toString()).resolve("current");
  }

  /** Where the snapshots of this cluster lie. */
  static Path snapshots(Path metadataDirectory, UUID cluster) {
    return raft(metadataDirectory).resolve(cluster.toString()).resolve("sm");
  }

  private Path raftMeta() {
    return current(path, identity.cluster()).resolve("raft-meta");
  }
}
