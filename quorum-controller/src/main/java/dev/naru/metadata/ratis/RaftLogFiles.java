package dev.naru.metadata.ratis;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.server.RaftServerConfigKeys.Log.CorruptionPolicy;
import org.apache.ratis.server.raftlog.segmented.LogSegment;
import org.apache.ratis.server.raftlog.segmented.LogSegmentPath;
import org.apache.ratis.server.raftlog.segmented.SegmentedRaftLogFormat;
import org.apache.ratis.thirdparty.com.google.protobuf.CodedOutputStream;
import org.apache.ratis.util.SizeInBytes;

/**
 * The files of a Raft log, read by Ratis' own reader without Ratis' storage: nothing is locked,
 * cut, renamed or deleted, so a node that runs does not notice. What a running node does meanwhile
 * is borne: it closes the file that it writes to, which renames it, and is seen in the middle of a
 * write.
 *
 * <p>Belongs to one thread, for one reading.
 */
final class RaftLogFiles {

  /** {@code log_0-41}, and {@code log_inprogress_42} for the one that is written to. */
  private static final Pattern NAME =
      Pattern.compile("log_(?:inprogress_(?<open>\\d+)|(?<first>\\d+)-(?<last>\\d+))");

  /** Of the file that is written to: what is half written at one look is whole at the next. */
  private static final int LOOKS_MAX = 3;

  private static final long CHECKSUM_BYTES = 4;

  private final Path directory;
  private final Consumer<LogEntryProto> entries;
  private OptionalLong next = OptionalLong.empty();

  /** One file; of the one that is written to the last entry is not known. */
  private record Segment(Path file, long first, OptionalLong last) {

    static Stream<Segment> of(Path file) {
      var name = NAME.matcher(file.getFileName().toString());
      if (!name.matches()) {
        return Stream.empty();
      }
      return Stream.of(
          name.group("open") != null
              ? new Segment(file, Long.parseLong(name.group("open")), OptionalLong.empty())
              : new Segment(
                  file,
                  Long.parseLong(name.group("first")),
                  OptionalLong.of(Long.parseLong(name.group("last")))));
    }

    boolean isOpen() {
      return last.isEmpty();
    }
  }

  /**
   * Nothing read yet.
   *
   * @param directory {@code current} of a group; without files if it is not there
   * @param entries given each entry once, in order and without gaps
   */
  RaftLogFiles(Path directory, Consumer<LogEntryProto> entries) {
    this.directory = directory;
    this.entries = entries;
  }

  /**
   * Reads all, up to the end or to what is damaged.
   *
   * @return which file is damaged where, and how
   * @throws IOException if a file cannot be read at all, or has gone meanwhile
   */
  Optional<String> read() throws IOException {
    for (Segment segment : segments()) {
      if (next.isPresent() && segment.first() != next.getAsLong()) {
        return Optional.of(
            "%s: Expected it to begin with entry %s, which comes after the file before it"
                .formatted(segment.file(), next.getAsLong()));
      }
      next = OptionalLong.of(segment.first());
      var fault = read(segment);
      if (fault.isPresent()) {
        return fault;
      }
    }
    return Optional.empty();
  }

  private List<Segment> segments() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var files = Files.list(directory)) {
      return files.flatMap(Segment::of).sorted(Comparator.comparingLong(Segment::first)).toList();
    }
  }

  private Optional<String> read(Segment segment) throws IOException {
    Segment now = segment;
    for (int look = 1; ; look++) {
      var reading = new Reading(now);
      try {
        return reading.run();
      } catch (FileNotFoundException | NoSuchFileException e) {
        now = renamed(segment, e);
      } catch (IOException | IllegalStateException e) { // the latter from Ratis, of a gap
        if (!now.isOpen() || look == LOOKS_MAX) {
          return Optional.of(
              "%s, byte %s: %s".formatted(now.file(), reading.position, e.getMessage()));
        }
      }
      if (look == LOOKS_MAX) {
        throw new IOException("Expected " + now.file() + " to stay, but it changes all the time");
      }
    }
  }

  private Segment renamed(Segment segment, IOException gone) throws IOException {
    return segments().stream()
        .filter(other -> other.first() == segment.first())
        .findFirst()
        .orElseThrow(() ->
            new IOException(
                "Expected to read "
                    + segment.file()
                    + ", but the node that runs has deleted it meanwhile; look again",
                gone));
  }

  /** One look at one file. */
  private final class Reading {

    private final Segment segment;

    /** Where the next entry begins. */
    private long position = SegmentedRaftLogFormat.getHeaderLength();

    private Reading(Segment segment) {
      this.segment = segment;
    }

    private Optional<String> run() throws IOException {
      int count =
          LogSegment.readSegmentFile(
              segment.file().toFile(),
              LogSegmentPath.matchLogSegment(segment.file()).getStartEnd(),
              SizeInBytes.valueOf(RaftTuning.BATCH_BYTES),
              CorruptionPolicy.EXCEPTION,
              null, // nobody measures it
              this::take);
      long end = segment.first() + count;
      return segment.last().isPresent() && end != segment.last().getAsLong() + 1
          ? Optional.of(
              "%s, byte %s: Expected entries up to %s, but there is none after %s"
                  .formatted(segment.file(), position, segment.last().getAsLong(), end - 1))
          : Optional.empty();
    }

    private void take(LogEntryProto entry) {
      long expected = next.orElseThrow();
      if (entry.getIndex() > expected) {
        throw new IllegalStateException(
            "Expected entry " + expected + ", but was entry " + entry.getIndex());
      }
      if (entry.getIndex() == expected) { // else it was told at an earlier look
        entries.accept(entry);
        next = OptionalLong.of(expected + 1);
      }
      int bytes = entry.getSerializedSize();
      position += CodedOutputStream.computeUInt32SizeNoTag(bytes) + bytes + CHECKSUM_BYTES;
    }
  }
}
