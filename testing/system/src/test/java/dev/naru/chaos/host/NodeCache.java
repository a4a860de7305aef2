package dev.naru.chaos.host;

import dev.naru.testing.FreePorts;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a JVM has learned of a node's start and keeps for the next ones (JEP 514): classes, loaded
 * and linked. A build's own tests start dozens of nodes that live for seconds, and most of what
 * these cost is loading classes.
 *
 * <p>It is made once for a set of jars, by the first test that starts a node; those in other JVMs
 * wait for it. Without one all works, only slower.
 */
final class NodeCache {

  private static final Path DIRECTORY = Path.of("target", "node-cache");

  private NodeCache() {}

  /**
   * The cache for nodes of this command, if it can have one: none knows classes in folders, as an
   * IDE has them.
   *
   * @param jvm the program and its flags
   */
  static Optional<Path> of(List<String> jvm, ClassPath classes, String main) throws IOException {
    if (!classes.isOfJars()) {
      return Optional.empty();
    }
    var name = UUID.nameUUIDFromBytes(jvm.toString().getBytes(StandardCharsets.UTF_8));
    var cache = DIRECTORY.resolve(name + ".aot").toAbsolutePath();
    var madeOf = DIRECTORY.resolve(name + ".jars");
    Files.createDirectories(DIRECTORY);
    try (var file =
            FileChannel.open(
                DIRECTORY.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var _ = file.lock()) {
      if (!isMadeOf(classes, cache, madeOf)) {
        Files.deleteIfExists(cache);
        train(jvm, classes, main, cache);
        Files.writeString(madeOf, classes.state());
      }
    }
    return Optional.of(cache).filter(Files::exists);
  }

  private static boolean isMadeOf(ClassPath classes, Path cache, Path madeOf) throws IOException {
    return Files.exists(cache)
        && Files.exists(madeOf)
        && Files.readString(madeOf).equals(classes.state());
  }

  /** Starts a node alone, and stops it: its JVM writes the cache as it ends. */
  private static void train(List<String> jvm, ClassPath classes, String main, Path cache)
      throws IOException {
    var directory = Files.createTempDirectory(DIRECTORY, "training").toAbsolutePath();
    var command = new ArrayList<>(jvm);
    command.addAll(List.of("-XX:AOTCacheOutput=" + cache, "-cp", classes.text(), main));
    var config = Files.writeString(directory.resolve("node.yaml"), config(directory));
    try (var node = NodeProcess.start(1, command, config, directory)) {
      node.awaitReady();
      node.stop();
      if (!Files.exists(cache)) {
        System.err.println("Nodes start without a cache:\n" + node.logTail());
      }
    }
    delete(directory);
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static String config(Path directory) {
    int raft = FreePorts.next();
    return """
    cluster.id: %s
    node.id: 1
    data.dirs: [%s]
    metadata.dir: %s
    quorum.voters: [1@127.0.0.1:%d]
    listeners:
      client: {bind: "127.0.0.1:%d", security: plaintext}
      internal: {bind: "127.0.0.1:%d", security: plaintext}
      raft: {bind: "127.0.0.1:%d", security: plaintext}
      http: {bind: "127.0.0.1:%d", security: plaintext}
    """
        .formatted(
            UUID.randomUUID(),
            directory.resolve("data"),
            directory.resolve("metadata"),
            raft,
            FreePorts.next(),
            FreePorts.next(),
            raft,
            FreePorts.next());
  }
}
