package dev.naru.cli.dev;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.json.Json;
import dev.naru.cli.json.JsonReader;
import dev.naru.cli.json.JsonWriter;
import dev.naru.cli.json.MalformedJsonException;
import dev.naru.types.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What {@code naru dev} remembers in its data directory: the cluster it made there, and which
 * processes it started last. Those may be long gone; {@link NodeProcesses} knows.
 */
public record DevState(String clusterId, int port, List<DevNode> nodes) {

  /** Where a dev cluster lives unless somebody says otherwise. */
  public static final String DIRECTORY_DEFAULT = "data/dev";

  private static final String FILE = "dev.json";

  /** Keeps a copy. */
  public DevState {
    nodes = List.copyOf(nodes);
  }

  /** What is remembered in this directory. */
  static Optional<DevState> read(Path directory) {
    var file = directory.resolve(FILE);
    try {
      return Optional.of(of(JsonReader.read(Files.readString(file))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (MalformedJsonException | DateTimeParseException | IllegalArgumentException e) {
      throw CommandFailure.precondition(
          ErrorCode.DIRECTORY_MISMATCH,
          "Expected " + file + " to be written by naru dev, but: " + e.getMessage());
    } catch (IOException e) {
      throw FileFaults.of(directory, e);
    }
  }

  /** Remembers this; a reader sees the old or the new file, never a part. */
  void write(Path directory) {
    var temporary = directory.resolve(FILE + ".tmp");
    try {
      Files.writeString(temporary, JsonWriter.pretty(toJson()) + "\n");
      Files.move(temporary, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw FileFaults.of(directory, e);
    }
  }

  /** Addresses of the nodes that {@code naru dev} runs in this directory, if it runs any. */
  public static Optional<String> bootstrapServersIn(Path directory) {
    return read(directory)
        .filter(state -> state.nodes.stream().anyMatch(DevState::mayRun))
        .map(DevState::bootstrapServers);
  }

  /** Another process with the number of the old one does no harm here: nobody answers then. */
  private static boolean mayRun(DevNode node) {
    return ProcessTable.ofSystem().find(node.pid()).isPresent();
  }

  DevPorts ports() {
    return new DevPorts(port);
  }

  String bootstrapServers() {
    return nodes.stream()
        .map(node -> ports().client(node.id()).toString())
        .collect(Collectors.joining(","));
  }

  String httpAddresses() {
    return nodes.stream()
        .map(node -> ports().http(node.id()).toString())
        .collect(Collectors.joining(","));
  }

  private Json toJson() {
    return Json.object()
        .with("clusterId", clusterId)
        .with("port", port)
        .with("nodes", Json.array(nodes.stream().map(DevState::toJson)))
        .build();
  }

  private static Json toJson(DevNode node) {
    return Json.object()
        .with("node", node.id())
        .with("pid", node.pid())
        .with("started", node.started().toString())
        .build();
  }

  private static DevState of(Json json) {
    if (json instanceof Json.Obj file
        && file.field("clusterId").orElse(json) instanceof Json.Text(var clusterId)
        && file.field("port").orElse(json) instanceof Json.Num(var port)
        && file.field("nodes").orElse(json) instanceof Json.Array(var nodes)) {
      return new DevState(
          clusterId, port.intValue(), nodes.stream().map(DevState::nodeOf).toList());
    }
    throw new IllegalArgumentException("it has other fields");
  }

  private static DevNode nodeOf(Json json) {
    if (json instanceof Json.Obj node
        && node.field("node").orElse(json) instanceof Json.Num(var id)
        && node.field("pid").orElse(json) instanceof Json.Num(var pid)
        && node.field("started").orElse(json) instanceof Json.Text(var started)) {
      return new DevNode(id.intValue(), pid.longValue(), Instant.parse(started));
    }
    throw new IllegalArgumentException("a node has other fields");
  }
}
