package dev.naru.testing.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The bytes that one stopped node holds of each partition, without help from the code that wrote
 * them.
 */
public final class ReplicaFiles {

  private ReplicaFiles() {}

  /** Length and SHA-256 over all {@code .log} files of a partition in order, by directory name. */
  public static SortedMap<String, String> digests(Path dataDirectory) throws IOException {
    var digests = new TreeMap<String, String>();
    try (var partitions = Files.list(dataDirectory)) {
      for (var partition : partitions.filter(ReplicaFiles::isPartition).sorted().toList()) {
        digests.put(partition.getFileName().toString(), digest(segments(partition)));
      }
    }
    return digests;
  }

  private static boolean isPartition(Path path) {
    return path.getFileName().toString().matches("[0-9a-f-]{36}-\\d+");
  }

  private static List<Path> segments(Path partition) throws IOException {
    try (var files = Files.list(partition)) {
      return new ArrayList<>(
          files.filter(file -> file.toString().endsWith(".log")).sorted().toList());
    }
  }

  private static String digest(List<Path> segments) throws IOException {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      long length = 0;
      var buffer = ByteBuffer.allocate(1 << 20);
      for (var segment : segments) {
        try (var channel = FileChannel.open(segment)) {
          while (channel.read(buffer) >= 0) {
            buffer.flip();
            length += buffer.remaining();
            sha.update(buffer);
            buffer.clear();
          }
        }
      }
      return length + " bytes " + HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
