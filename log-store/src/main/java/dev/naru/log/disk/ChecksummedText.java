package dev.naru.log.disk;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The form of every small file of the store: readable, and no byte of it can change unnoticed.
 *
 * <pre>
 * naru KIND VERSION
 * ... the content, a line each ...
 * crc32c 8 hex digits, of all bytes before this line
 * </pre>
 */
public final class ChecksummedText {

  private static final String CRC = "crc32c ";
  private static final int LAST_LINE_BYTES = CRC.length() + 8 + 1;

  /** More than 300,000 partitions need; a file above it is none of ours. */
  static final int BYTES_MAX = 32 << 20;

  private ChecksummedText() {}

  /** What a file turned out to be. */
  public sealed interface Content {

    /** Sound; these are the lines between the first and the last. */
    record Lines(List<String> lines) implements Content {}

    /** There is no such file. */
    record Missing() implements Content {}

    /** There is one, but it is not what was written. */
    record Damaged(String reason) implements Content {}
  }

  /** The whole file with these lines. */
  public static ByteBuffer encode(String kind, int version, List<String> lines) {
    var text = new StringBuilder("naru ").append(kind).append(' ').append(version).append('\n');
    lines.forEach(line -> text.append(line).append('\n'));
    byte[] content = text.toString().getBytes(StandardCharsets.UTF_8);
    byte[] last = lastLine(content, content.length).getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(content.length + last.length).put(content).put(last).flip();
  }

  /** Reads a file that {@link #encode} has written for this kind and version. */
  public static Content read(Disk disk, String name, String kind, int version) {
    String head = "naru " + kind + " " + version;
    return switch (read(disk, name)) {
      case Content.Lines(var lines) ->
          lines.isEmpty() || !lines.getFirst().equals(head)
              ? new Content.Damaged(
                  "Expected %s to begin with '%s', but did not".formatted(name, head))
              : new Content.Lines(lines.subList(1, lines.size()));
      case Content.Missing missing -> missing;
      case Content.Damaged damaged -> damaged;
    };
  }

  /** The same; what the disk cannot give back counts as damaged. */
  public static Content readIfPossible(Disk disk, String name, String kind, int version) {
    try {
      return read(disk, name, kind, version);
    } catch (UnreadableException e) {
      return new Content.Damaged(e.reason());
    }
  }

  /** Reads a file of any kind and version, of which the first line tells. */
  public static Content read(Disk disk, String name) {
    var file = disk.open(name);
    if (file.isEmpty()) {
      return new Content.Missing();
    }
    try (var opened = file.get()) {
      long size = opened.size();
      if (size > BYTES_MAX) {
        return new Content.Damaged(
            "Expected %s to have at most %d bytes, but has %d".formatted(name, BYTES_MAX, size));
      }
      var bytes = ByteBuffer.allocate((int) size);
      int read = opened.read(bytes, 0);
      return decode(name, bytes.array(), read);
    }
  }

  private static Content decode(String name, byte[] bytes, int size) {
    int contentSize = size - LAST_LINE_BYTES;
    if (contentSize < 0) {
      return new Content.Damaged(
          "Expected a checksum in %s, but has %d bytes".formatted(name, size));
    }
    String found = new String(bytes, contentSize, LAST_LINE_BYTES, StandardCharsets.UTF_8);
    String expected = lastLine(bytes, contentSize);
    return found.equals(expected)
        ? new Content.Lines(
            new String(bytes, 0, contentSize, StandardCharsets.UTF_8).lines().toList())
        : new Content.Damaged(
            "Expected %s to end with '%s', but with '%s'"
                .formatted(name, expected.strip(), found.strip()));
  }

  private static String lastLine(byte[] content, int size) {
    var crc = new CRC32C();
    crc.update(content, 0, size);
    return CRC + String.format("%08x", crc.getValue()) + "\n";
  }
}
