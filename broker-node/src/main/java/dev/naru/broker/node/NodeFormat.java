package dev.naru.broker.node;

import dev.naru.broker.config.NodeConfig;
import dev.naru.log.disk.NioDisk;
import dev.naru.log.store.DataDirectory;
import dev.naru.log.store.DirectoryMeta;
import dev.naru.metadata.log.MetadataLogException;
import dev.naru.metadata.ratis.MetadataDirectory;
import dev.naru.types.ErrorCode;
import java.nio.file.Path;
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

  /** Formats every directory; refuses if one of them is formatted. */
  void formatAll() throws StartException {
    for (var path : config.directories().data()) {
      format(path, FRESH_VERSION);
    }
    try {
      MetadataDirectory.format(
          config.directories().metadata(), cluster, config.nodeId(), uuid(dice, FRESH_VERSION));
    } catch (MetadataLogException e) {
      throw StartFaults.explain("", e);
    }
  }

  /** Formats those directories that are not; the others stay as they are. */
  void formatMissing() throws StartException {
    for (var path : config.directories().data()) {
      if (!DataDirectory.isFormatted(NioDisk.at(path))) {
        format(path, FRESH_VERSION);
      }
    }
    try {
      if (!MetadataDirectory.isFormatted(config.directories().metadata())) {
        MetadataDirectory.format(
            config.directories().metadata(), cluster, config.nodeId(), uuid(dice, FRESH_VERSION));
      }
    } catch (MetadataLogException e) {
      throw StartFaults.explain("", e);
    }
  }

  /**
   * Formats those directories that are not, as stand-ins for disks that are gone: the operator says
   * so, and the node will say it when it registers.
   */
  void replaceMissing() throws StartException {
    for (var path : config.directories().data()) {
      if (!DataDirectory.isFormatted(NioDisk.at(path))) {
        format(path, REPLACEMENT_VERSION);
      }
    }
    try {
      if (!MetadataDirectory.isFormatted(config.directories().metadata())) {
        MetadataDirectory.formatReplacement(
            config.directories().metadata(),
            cluster,
            config.nodeId(),
            uuid(dice, REPLACEMENT_VERSION));
      }
    } catch (MetadataLogException e) {
      throw StartFaults.explain("", e);
    }
  }

  /** Whether this directory was formatted as the stand-in of a lost one. */
  static boolean isReplacement(UUID directory) {
    return directory.version() == REPLACEMENT_VERSION;
  }

  private void format(Path path, int version) throws StartException {
    var refused =
        DataDirectory.format(
            NioDisk.at(path),
            new DirectoryMeta(cluster.toString(), config.nodeId(), uuid(dice, version)));
    if (refused.isPresent()) {
      throw StartException.of(refused.get());
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
