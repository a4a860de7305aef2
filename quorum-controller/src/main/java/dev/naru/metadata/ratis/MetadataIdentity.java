package dev.naru.metadata.ratis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.naru.metadata.log.MetadataLogException;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The content of {@code naru.meta} in a metadata directory: lines of {@code key=value}, the last of
 * which is a CRC-32C of those above it. Replaced as a whole: temporary file, fsync, rename, fsync
 * of the directory.
 *
 * <pre>
 * format=1
 * cluster.id=6f0d3c1e-2b0a-4c55-9a77-0c3b3f6f7a10
 * node.id=1
 * directory.id=0b5a...
 * peer.id=1
 * joined=true
 * crc32c=1a2b3c4d
 * </pre>
 */
record MetadataIdentity(UUID cluster, NodeId node, UUID directory, String peer, boolean joined) {

  private static final int FORMAT = 1;
  private static final String CHECKSUM = "crc32c=";

  static Path file(Path metadataDirectory) {
    return metadataDirectory.resolve("naru.meta");
  }

  MetadataIdentity withJoined() {
    return new MetadataIdentity(cluster, node, directory, peer, true);
  }

  void write(Path metadataDirectory) throws IOException {
    String text =
        "format=%d\ncluster.id=%s\nnode.id=%s\ndirectory.id=%s\npeer.id=%s\njoined=%s\n"
            .formatted(FORMAT, cluster, node, directory, peer, joined);
    DurableFiles.replace(file(metadataDirectory), sealed(text).getBytes(UTF_8));
  }

  /** These lines and the checksum over them. */
  static String sealed(String lines) {
    return lines + CHECKSUM + checksum(lines) + "\n";
  }

  static MetadataIdentity read(Path metadataDirectory) throws MetadataLogException {
    Path file = file(metadataDirectory);
    String text;
    try {
      text = Files.readString(file, UTF_8);
    } catch (IOException e) {
      throw new MetadataLogException(
          ErrorCode.STORAGE_FAILED, "Expected to read " + file + ", but: " + e.getMessage(), e);
    }
    var lines = unsealed(text);
    if (lines.isEmpty()) {
      throw damaged(file, "its checksum does not match");
    }
    return parse(file, lines.get());
  }

  /** The lines without their checksum, if it is theirs. */
  static Optional<String> unsealed(String text) {
    int end = text.lastIndexOf(CHECKSUM);
    if (end < 0) {
      return Optional.empty();
    }
    String lines = text.substring(0, end);
    return text.substring(end).strip().equals(CHECKSUM + checksum(lines))
        ? Optional.of(lines)
        : Optional.empty();
  }

  private static MetadataIdentity parse(Path file, String text) throws MetadataLogException {
    Map<String, String> values = new LinkedHashMap<>();
    text.lines()
        .map(line -> line.split("=", 2))
        .filter(pair -> pair.length == 2)
        .forEach(pair -> values.put(pair[0], pair[1]));
    try {
      int format = Integer.parseInt(values.getOrDefault("format", ""));
      if (format > FORMAT) {
        throw new MetadataLogException(
            ErrorCode.DIRECTORY_MISMATCH,
            "Expected format <= " + FORMAT + " in " + file + ", but was " + format);
      }
      return new MetadataIdentity(
          UUID.fromString(values.getOrDefault("cluster.id", "")),
          new NodeId(Integer.parseInt(values.getOrDefault("node.id", ""))),
          UUID.fromString(values.getOrDefault("directory.id", "")),
          values.getOrDefault("peer.id", ""),
          Boolean.parseBoolean(values.getOrDefault("joined", "")));
    } catch (IllegalArgumentException e) {
      throw damaged(file, "it says: " + text.strip().replace("\n", ", "));
    }
  }

  private static MetadataLogException damaged(Path file, String why) {
    return new MetadataLogException(
        ErrorCode.DIRECTORY_MISMATCH, "Expected a readable " + file + ", but " + why);
  }

  private static String checksum(String text) {
    var crc = new CRC32C();
    crc.update(text.getBytes(UTF_8));
    return "%08x".formatted(crc.getValue());
  }
}
