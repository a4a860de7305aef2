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
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Opens and locks a node's data directories, or refuses to start with what it finds. */
final class NodeDirectories {

  private static final Logger LOG = LogManager.getLogger(NodeDirectories.class);

  private NodeDirectories() {}

  static List<DataDirectory> open(
      NodeConfig config,
      UUID cluster,
      LongSupplier wallMillis,
      Consumer<StorageException> onFailure)
      throws StartException {
    var opened = new ArrayList<DataDirectory>();
    var unusable = new ArrayList<Refused>();
    for (var path : config.directories().data()) {
      switch (openOne(path, config, cluster, wallMillis, onFailure)) {
        case Opening.Opened(var directory) -> opened.add(directory);
        case Opening.NotOpened(var why) when why.code() == ErrorCode.STORAGE_FAILED ->
            unusable.add(why);
        case Opening.NotOpened(var why) -> {
          opened.forEach(DataDirectory::close);
          throw StartException.of(why);
        }
      }
    }
    if (opened.isEmpty()) {
      throw StartException.of(unusable.getFirst());
    }
    unusable.forEach(why ->
        LOG.error(EventCode.STORAGE_FAILED.marker(), "Goes on without a data directory: {}", why));
    return opened;
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
}
