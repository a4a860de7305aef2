package dev.naru.chaos.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells by the port from which a connection comes whose it is, as Linux knows it: the port is a
 * socket's, the socket a process's.
 */
final class Callers {

  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/tcp6"), Path.of("/proc/net/tcp"));
  private static final int LOCAL = 1;
  private static final int REMOTE = 2;
  private static final int INODE = 9;

  private final Map<Place, Long> pids = new ConcurrentHashMap<>();

  void add(Place place, long pid) {
    pids.put(place, pid);
  }

  void remove(Place place) {
    pids.remove(place);
  }

  /** The place of the process that has this port and is connected to that one. */
  Place of(int port, int connectedTo) {
    return inode(port, connectedTo)
        .flatMap(inode ->
            pids.entrySet().stream()
                .filter(entry -> hasOpen(entry.getValue(), inode))
                .map(Map.Entry::getKey)
                .findFirst())
        .orElse(Place.CLIENTS);
  }

  private static Optional<String> inode(int port, int connectedTo) {
    for (var table : TABLES) {
      try {
        for (var line : Files.readAllLines(table)) {
          var fields = line.strip().split("\\s+", -1);
          if (fields.length > INODE
              && isPort(fields[LOCAL], port)
              && isPort(fields[REMOTE], connectedTo)) {
            return Optional.of(fields[INODE]);
          }
        }
      } catch (IOException noSuchTable) {
        // a machine without that version of the protocol
      }
    }
    return Optional.empty();
  }

  private static boolean isPort(String address, int port) {
    return address.endsWith(":%04X".formatted(port));
  }

  private static boolean hasOpen(long pid, String inode) {
    var socket = "socket:[" + inode + "]";
    try (var descriptors = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "fd"))) {
      for (var descriptor : descriptors) {
        if (isLinkTo(descriptor, socket)) {
          return true;
        }
      }
    } catch (IOException gone) {
      // then it is not its
    }
    return false;
  }

  private static boolean isLinkTo(Path descriptor, String socket) {
    try {
      return Files.readSymbolicLink(descriptor).toString().equals(socket);
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }
}
