package dev.naru.log.segment;

import dev.naru.log.disk.ChecksummedText;
import dev.naru.log.disk.Disk;
import dev.naru.log.disk.DiskFile;
import dev.naru.log.segment.SegmentName.Part;
import dev.naru.types.PartitionId;
import java.util.List;
import java.util.Optional;

/**
 * What a segment was when it was closed. Nothing in a batch names its partition: it is the seal
 * that tells a segment from another partition's with the same offsets, and a shortened file from a
 * whole one.
 *
 * @param closing tells at the first look whether a file is the segment
 * @param offsetEntries how many the offset index has
 * @param timeEntries how many the time index has
 */
public record SegmentSeal(
    PartitionId partition,
    SegmentState state,
    ClosingBatch closing,
    int offsetEntries,
    int timeEntries) {

  private static final String KIND = "segment-seal";
  private static final int VERSION = 2;

  /** Of a segment that is closed, and whose indexes are in their files. */
  static SegmentSeal of(Segment segment) {
    return new SegmentSeal(
        segment.files().partition(),
        segment.state(),
        segment.closing().orElseThrow(),
        segment.offsets().inFile(),
        segment.times().inFile());
  }

  /** Reads the seal of the segment with this base offset; empty when it is absent or not sound. */
  public static Optional<SegmentSeal> read(SegmentFiles files, long base) {
    return read(files.disk(), files.name(base, Part.SEAL));
  }

  /** Reads the seal in this file; empty when it is absent or not sound. */
  public static Optional<SegmentSeal> read(Disk disk, String name) {
    return switch (ChecksummedText.readIfPossible(disk, name, KIND, VERSION)) {
      case ChecksummedText.Content.Lines(var lines) -> parse(lines);
      case ChecksummedText.Content.Missing(), ChecksummedText.Content.Damaged(_) ->
          Optional.empty();
    };
  }

  /**
   * Writes the file, in place of one that may be there. Not forced: that is for the next force of
   * the log.
   */
  DiskFile write(SegmentFiles files) {
    String name = files.name(state.base(), Part.SEAL);
    var file = files.disk().open(name).orElseGet(() -> files.disk().create(name));
    file.truncate(0);
    file.write(ChecksummedText.encode(KIND, VERSION, lines()), 0);
    return file;
  }

  private List<String> lines() {
    return List.of(
        "partition " + partition,
        "base " + state.base(),
        "end " + state.end(),
        "bytes " + state.bytes(),
        "max-timestamp " + state.maxTimestamp(),
        "header-sum " + Long.toHexString(state.headerSum()),
        "last-batch-bytes " + closing.bytes(),
        "last-batch-crc " + "%08x".formatted(closing.crc()),
        "index-entries " + offsetEntries,
        "time-index-entries " + timeEntries);
  }

  private static Optional<SegmentSeal> parse(List<String> lines) {
    try {
      var state =
          new SegmentState(
              Long.parseLong(value(lines, 1)),
              Long.parseLong(value(lines, 2)),
              Integer.parseInt(value(lines, 3)),
              Long.parseLong(value(lines, 4)),
              Long.parseUnsignedLong(value(lines, 5), 16));
      var seal =
          new SegmentSeal(
              PartitionId.parse(value(lines, 0)),
              state,
              new ClosingBatch(
                  Integer.parseInt(value(lines, 6)), Integer.parseUnsignedInt(value(lines, 7), 16)),
              Integer.parseInt(value(lines, 8)),
              Integer.parseInt(value(lines, 9)));
      return seal.lines().equals(lines) ? Optional.of(seal) : Optional.empty();
    } catch (IllegalArgumentException | IndexOutOfBoundsException notOurs) {
      return Optional.empty();
    }
  }

  private static String value(List<String> lines, int line) {
    return lines.get(line).substring(lines.get(line).indexOf(' ') + 1);
  }

  /** The closed segment it describes. */
  public Segment segment(SegmentFiles files) {
    return new Segment(
        files,
        state,
        IndexView.ofFile(files.open(), files.name(state.base(), Part.INDEX), offsetEntries),
        IndexView.ofFile(files.open(), files.name(state.base(), Part.TIME_INDEX), timeEntries),
        Optional.of(closing));
  }
}
