package dev.naru.chaos;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * What was produced, a checksum a line, and what came back. The first appearances of a key's lines
 * must be all its lines in order; a line that appears again is a duplicate, counted, and must be
 * the same line.
 */
final class LineLedger {

  private static final int COMPLAINTS_MAX = 20;

  private final Map<String, Lines> files = new LinkedHashMap<>();
  private final List<String> complaints = new ArrayList<>();
  private long produced;
  private long bytes;
  private long duplicates;

  void produced(String file, int number, byte[] line) {
    var lines = files.computeIfAbsent(file, _ -> new Lines());
    if (number != lines.count) {
      throw new IllegalStateException(
          file + ": expected line " + lines.count + ", but was " + number);
    }
    lines.add(checksum(line));
    produced++;
    bytes += line.length;
  }

  void consumed(String file, int number, byte[] line) {
    var lines = files.get(file);
    if (lines == null || number >= lines.count || lines.checksums[number] != checksum(line)) {
      complain(file + ":" + number + " is not what was produced");
    } else if (number < lines.seen) {
      duplicates++;
    } else if (number > lines.seen) {
      complain(file + ": expected line " + lines.seen + ", but was " + number);
      lines.seen = number + 1;
    } else {
      lines.seen++;
    }
  }

  /** What is wrong: order, content, and after reading everything the lines that are missing. */
  List<String> complaints() {
    files.forEach((file, lines) -> {
      if (lines.seen < lines.count) {
        complain(file + ": lines from " + lines.seen + " to " + (lines.count - 1) + " are missing");
      }
    });
    return List.copyOf(complaints);
  }

  long produced() {
    return produced;
  }

  long bytes() {
    return bytes;
  }

  long duplicates() {
    return duplicates;
  }

  private void complain(String complaint) {
    if (complaints.size() < COMPLAINTS_MAX) {
      complaints.add(complaint);
    }
  }

  private static int checksum(byte[] line) {
    var crc = new CRC32C();
    crc.update(ByteBuffer.wrap(line));
    return (int) crc.getValue();
  }

  private static final class Lines {
    private int[] checksums = new int[64];
    private int count;
    private int seen;

    void add(int checksum) {
      if (count == checksums.length) {
        checksums = Arrays.copyOf(checksums, count * 2);
      }
      checksums[count++] = checksum;
    }
  }
}
