package dev.naru.broker.node;

import dev.naru.broker.config.NodeConfig;
import dev.naru.log.disk.NioDisk;
import dev.naru.log.disk.StorageException;
import dev.naru.log.store.DataDirectory;
import dev.naru.log.store.DirectoryMeta;
import dev.naru.metadata.log.MetadataLogException;
import dev.naru.metadata.ratis.MetadataDirectory;
import dev.naru.types.ErrorCode;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Gives empty directories to a node: writes {@code naru.meta} into each. A directory that is in use
 * is never touched.
 */
final class NodeFormat {

  /**
   * UUID version of a directory that stands in for a lost one: "custom", in the words of RFC 9562.
   */
  private static final int REPLACEMENT_VERSION = 8;

  private static final int FRESH_VERSION = 4;

  private final NodeConfig config;
  private final UUID cluster;
  private final RandomGenerator dice;

  NodeFormat(NodeConfig config, UUID cluster, RandomGenerator dice) {
    this.config = config;
    this.cluster = cluster;
    this.dice = dice;
  }

  /** Formats every directory; refuses, and formats none, if one of them is formatted. */
  void formatAll() throws StartException {
    for (var path : formattedData()) {
      formatData(path, FRESH_VERSION); // says whose it is, and changes nothing
    }
    formatMetadata();
    formatMissingData(FRESH_VERSION);
  }

  /**
   * Formats those directories that are not; the others stay as they are. Not the metadata directory
   * of a node that has data directories: that one is lost or not mounted, and an empty one in its
   * place would vote as if it knew all that this node has agreed to.
   */
  void formatMissing() throws StartException {
    if (!MetadataDirectory.isFormatted(metadata())) {
      if (!formattedData().isEmpty()) {
        throw new StartException(
            ErrorCode.DIRECTORY_MISMATCH,
            ("Expected the metadata directory of node %s at %s, as it has formatted data directories %s, but it"
                    + " is not there. If its disk is only not mounted, mount it; if it is lost, run: naru node"
                    + " format --replace, and the node joins the quorum again under a new peer id")
                .formatted(config.nodeId(), metadata(), formattedData()));
      }
      formatMetadata();
    }
    formatMissingData(FRESH_VERSION);
  }

  /**
   * Formats those directories that are not, as stand-ins for disks that are gone: the operator says
   * so, and the node will say it when it registers.
   */
  void replaceMissing() throws StartException {
    try {
      if (!MetadataDirectory.isFormatted(metadata())) {
        MetadataDirectory.formatReplacement(
            metadata(), cluster, config.nodeId(), uuid(dice, REPLACEMENT_VERSION));
      }
    } catch (MetadataLogException e) {
      throw StartFaults.explain("", e);
    }
    formatMissingData(REPLACEMENT_VERSION);
  }

  /** Whether this directory was formatted as the stand-in of a lost one. */
  static boolean isReplacement(UUID directory) {
    return directory.version() == REPLACEMENT_VERSION;
  }

  private Path metadata() {
    return config.directories().metadata();
  }

  private List<Path> formattedData() {
    return config.directories().data().stream()
        .filter(path -> DataDirectory.isFormatted(NioDisk.at(path)))
        .toList();
  }

  private void formatMetadata() throws StartException {
    try {
      MetadataDirectory.format(metadata(), cluster, config.nodeId(), uuid(dice, FRESH_VERSION));
    } catch (MetadataLogException e) {
      throw StartFaults.explain("", e);
    }
  }

  /**
   * Always after the metadata directory: an interrupted formatting can then be finished. A broken
   * disk beside others that work is left as it is, for the node goes on without it; but not if the
   * operator says that it has been replaced.
   */
  private void formatMissingData(int version) throws StartException {
    boolean hasOthers = !formattedData().isEmpty();
    for (var path : config.directories().data()) {
      if (!DataDirectory.isFormatted(NioDisk.at(path))) {
        try {
          formatData(path, version);
        } catch (StartException e) {
          if (e.code() != ErrorCode.STORAGE_FAILED || !hasOthers || version != FRESH_VERSION) {
            throw e;
          }
        }
      }
    }
  }

  private void formatData(Path path, int version) throws StartException {
    try {
      var refused =
          DataDirectory.format(
              NioDisk.at(path),
              new DirectoryMeta(cluster.toString(), config.nodeId(), uuid(dice, version)));
      if (refused.isPresent()) {
        throw StartException.of(refused.get());
      }
    } catch (StorageException e) {
      throw new StartException(ErrorCode.STORAGE_FAILED, String.valueOf(e.getMessage()), e);
    }
  }

  /** A random UUID of this version. */
  static UUID uuid(RandomGenerator dice, int version) {
    long high = (dice.nextLong() & 0xffff_ffff_ffff_0fffL) | ((long) version << 12);
    long low = (dice.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }

  /**
   * The cluster that the configuration names, or else the one the directories were formatted for.
   */
  static UUID clusterOf(NodeConfig config) throws StartException {
    var written = config.identity().clusterId();
    if (written.isPresent()) {
      return written.get();
    }
    try {
      return MetadataDirectory.clusterOf(config.directories().metadata())
          .orElseThrow(() ->
              new StartException(
                  ErrorCode.DIRECTORY_MISMATCH,
                  "Expected cluster.id to be set or %s to be formatted, but neither is so; run: naru node format"
                      .formatted(config.directories().metadata())));
    } catch (MetadataLogException e) {
      throw StartFaults.explain("", e);
    }
  }
}
