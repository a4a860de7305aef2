package dev.naru.broker.node;

import dev.naru.broker.config.NodeConfig;
import dev.naru.broker.events.EventCode;
import dev.naru.log.disk.NioDisk;
import dev.naru.log.disk.StorageException;
import dev.naru.log.store.DataDirectory;
import dev.naru.log.store.DataDirectory.Opening;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * A node's data directories at its start. One that cannot be used is left out, and what lay in it
 * is out of use; one that belongs to somebody else keeps the node from starting.
 *
 * @param opened locked, and known to be this node's
 * @param unusable the others, by location, and why
 */
record NodeDirectories(List<DataDirectory> opened, SortedMap<String, Refused> unusable)
    implements AutoCloseable {

  private static final Logger LOG = LogManager.getLogger(NodeDirectories.class);

  /** Keeps copies. */
  NodeDirectories {
    opened = List.copyOf(opened);
    unusable = Collections.unmodifiableSortedMap(new TreeMap<>(unusable));
  }

  /** Opens and locks them, or refuses to start with what it finds. */
  static NodeDirectories open(
      NodeConfig config,
      UUID cluster,
      LongSupplier wallMillis,
      Consumer<StorageException> onFailure)
      throws StartException {
    var opened = new ArrayList<DataDirectory>();
    var unusable = new TreeMap<String, Refused>();
    for (var path : config.directories().data()) {
      switch (openOne(path, config, cluster, wallMillis, onFailure)) {
        case Opening.Opened(var directory) -> opened.add(directory);
        case Opening.NotOpened(var why) when isNobodys(path, why) ->
            unusable.put(path.toString(), why);
        case Opening.NotOpened(var why) -> {
          opened.forEach(DataDirectory::close);
          throw StartException.of(why);
        }
      }
    }
    if (opened.isEmpty()) {
      throw StartException.of(unusable.values().iterator().next());
    }
    unusable
        .values()
        .forEach(why ->
            LOG.error(
                EventCode.STORAGE_FAILED.marker(), "Goes on without a data directory: {}", why));
    return new NodeDirectories(opened, unusable);
  }

  /** Broken, or the place where a disk should be mounted. */
  private static boolean isNobodys(Path path, Refused why) {
    return why.code() == ErrorCode.STORAGE_FAILED || !DataDirectory.isFormatted(NioDisk.at(path));
  }

  private static Opening openOne(
      Path path,
      NodeConfig config,
      UUID cluster,
      LongSupplier wallMillis,
      Consumer<StorageException> onFailure) {
    try {
      return DataDirectory.open(
          NioDisk.at(path), cluster.toString(), config.nodeId(), wallMillis, onFailure);
    } catch (StorageException e) {
      return new Opening.NotOpened(
          new Refused(ErrorCode.STORAGE_FAILED, String.valueOf(e.getMessage())));
    }
  }

  @Override
  public void close() {
    opened.forEach(DataDirectory::close);
  }
}
