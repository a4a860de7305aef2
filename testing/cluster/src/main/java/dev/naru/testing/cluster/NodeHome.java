package dev.naru.testing.cluster;

import dev.naru.broker.config.ConfigLayers;
import dev.naru.broker.config.InvalidConfigException;
import dev.naru.broker.config.NodeConfig;
import dev.naru.testing.FreePorts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Where one node of a cluster lives, dead or alive: its directories and its ports. */
record NodeHome(
    int id,
    Path directory,
    int dataDirectories,
    int clientPort,
    int internalPort,
    int raftPort,
    int httpPort) {

  static NodeHome at(int id, Path cluster, int dataDirectories) {
    return new NodeHome(
        id,
        cluster.resolve("node-" + id),
        dataDirectories,
        FreePorts.next(),
        FreePorts.next(),
        FreePorts.next(),
        FreePorts.next());
  }

  String voter() {
    return id + "@127.0.0.1:" + raftPort;
  }

  String client() {
    return "127.0.0.1:" + clientPort;
  }

  /** The first is called {@code data}, the next {@code data-2}. */
  List<Path> data() {
    return IntStream.rangeClosed(1, dataDirectories)
        .mapToObj(i -> directory.resolve(i == 1 ? "data" : "data-" + i))
        .toList();
  }

  NodeConfig config(String clusterId, List<String> voters, Map<String, String> settings) {
    var sets = new ArrayList<String>();
    sets.add("cluster.id=" + clusterId);
    sets.add("node.id=" + id);
    sets.add("data.dirs=" + data().stream().map(Path::toString).collect(Collectors.joining(",")));
    sets.add("metadata.dir=" + directory.resolve("metadata"));
    sets.add("quorum.voters=" + String.join(",", voters));
    sets.add("listeners.client.bind=127.0.0.1:" + clientPort);
    sets.add("listeners.internal.bind=127.0.0.1:" + internalPort);
    sets.add("listeners.raft.bind=127.0.0.1:" + raftPort);
    sets.add("listeners.http.bind=127.0.0.1:" + httpPort);
    settings.forEach((key, value) -> sets.add(key + "=" + value));
    try {
      return ConfigLayers.load(Optional.empty(), Map.of(), sets).config();
    } catch (InvalidConfigException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
