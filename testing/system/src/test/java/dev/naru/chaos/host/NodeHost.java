package dev.naru.chaos.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one node runs on: its place in the network, its disk, its process. Knows how to switch them,
 * and nothing of why.
 */
public final class NodeHost implements AutoCloseable {

  private final int id;
  private final Path directory;
  private final Path storage;
  private final Optional<LoopDisk> disk;
  private final Network network;
  private final Map<String, String> environment = new TreeMap<>();
  private NodeRelease release = new NodeRelease.ThisCode();

  // Read by those who watch while others switch.
  private volatile Optional<NodeProcess> process = Optional.empty();

  NodeHost(int id, Path directory, Path storage, Optional<LoopDisk> disk, Network network) {
    this.id = id;
    this.directory = directory;
    this.storage = storage;
    this.disk = disk;
    this.network = network;
  }

  /** A host with a disk of its own. */
  static NodeHost withDisk(int id, Path directory, Network network, long bytes) throws IOException {
    Files.createDirectories(directory);
    var storage = directory.resolve("disk");
    var disk = LoopDisk.mount(directory.resolve("disk.ext4"), storage, bytes);
    return new NodeHost(id, directory, storage, Optional.of(disk), network);
  }

  /** A host on the disk of the test. */
  static NodeHost withDirectory(int id, Path directory, Network network) throws IOException {
    var storage = directory.resolve("disk");
    Files.createDirectories(storage);
    return new NodeHost(id, directory, storage, Optional.empty(), network);
  }

  public int id() {
    return id;
  }

  /** The node's records. */
  public Path dataDirectory() {
    return storage.resolve("data");
  }

  /** The node's copy of the metadata log. */
  public Path metadataDirectory() {
    return storage.resolve("metadata");
  }

  /** Its log, which lies on no disk that loses power. */
  public Path log() {
    return directory.resolve("node.log");
  }

  public Optional<LoopDisk> disk() {
    return disk;
  }

  /** A variable for the processes that are started from now on. */
  public void setEnvironment(String name, String value) {
    environment.put(name, value);
  }

  /** What is started from now on is of this release. */
  public void install(NodeRelease other) {
    release = other;
  }

  void configure(String config) throws IOException {
    Files.writeString(directory.resolve("node.yaml"), config);
  }

  /** Starts the node, which must be down; does not wait. */
  public NodeProcess start() {
    if (isAlive()) {
      throw new IllegalStateException("Expected node " + id + " to be down, but it runs");
    }
    var around = network.surroundings(id);
    var variables = new TreeMap<>(around.environment());
    variables.putAll(environment);
    variables.putAll(release.environment());
    var started =
        NodeProcess.start(
            id,
            release.command(),
            directory.resolve("node.yaml"),
            directory,
            new NodeProcess.Surroundings(around.prefix(), variables));
    process = Optional.of(started);
    network.joined(id, started.pid());
    return started;
  }

  public boolean isAlive() {
    return process.filter(NodeProcess::isAlive).isPresent();
  }

  /** The process, also when it has ended. */
  public NodeProcess process() {
    return process.orElseThrow();
  }

  /** kill -9; returns the exit status. */
  public int kill() {
    process().sendKill();
    return ended();
  }

  /** SIGTERM; returns the exit status. */
  public int stop() {
    int status = process().stop();
    network.left(id);
    return status;
  }

  /** Waits for an end that is under way, or comes by itself; returns the exit status. */
  public int ended() {
    int status = process().awaitEnd();
    network.left(id);
    return status;
  }

  /** What stands in the node's log, from the beginning. */
  public String logText() {
    try {
      return Files.readString(log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.ifPresent(NodeProcess::close);
    disk.ifPresent(LoopDisk::close);
  }
}
