package dev.naru.metadata.ratis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.naru.metadata.log.MetadataLogException;
import dev.naru.types.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.ratis.server.raftlog.RaftLog;

/**
 * How far the log of this node has reached, in the file {@code log-reach} beside it, a few seconds
 * behind at most. A log whose end was cut off between two entries, or whose newest file is gone,
 * reads like a shorter one: a node alone would have lost topics without a word, and a voter would
 * have forgotten what it had promised. Here it says otherwise.
 *
 * <p>Only what is committed and on this node's disk counts, which nobody ever takes back.
 */
final class LogReach {

  private static final String NAME = "log-reach";
  private static final String INDEX = "index=";

  private final Path file;
  private long noted; // after the start guarded by this

  private LogReach(Path file, long noted) {
    this.file = file;
    this.noted = noted;
  }

  /** What a metadata directory says. A damaged file says nothing, and is written anew. */
  static LogReach of(Path metadataDirectory) throws MetadataLogException {
    Path file = metadataDirectory.resolve(NAME);
    try {
      String text = Files.readString(file, UTF_8);
      return new LogReach(
          file, MetadataIdentity.unsealed(text).flatMap(LogReach::index).orElse(0L));
    } catch (NoSuchFileException | CharacterCodingException nothingSaid) {
      return new LogReach(file, 0);
    } catch (IOException e) {
      throw new MetadataLogException(
          ErrorCode.STORAGE_FAILED, "Expected to read " + file + ", but: " + e.getMessage(), e);
    }
  }

  private static Optional<Long> index(String lines) {
    try {
      return Optional.of(Long.parseLong(lines.strip().substring(INDEX.length())));
    } catch (IndexOutOfBoundsException | NumberFormatException notOurs) {
      return Optional.empty();
    }
  }

  /** Writes down how far the log reaches now, if that has changed. Waits for the disk. */
  synchronized void note(RaftLog log) {
    long reached = Math.min(log.getLastCommittedIndex(), log.getFlushIndex());
    if (reached > noted) {
      try {
        DurableFiles.replace(file, MetadataIdentity.sealed(INDEX + reached + "\n").getBytes(UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException("Expected to write " + file, e);
      }
      noted = reached;
    }
  }

  /**
   * Refuses a log that ends earlier than it did once.
   *
   * @param applied up to where a snapshot reaches, which may be all there is
   */
  void refuseShorter(RaftLog log, long applied) throws MetadataLogException {
    var last = log.getLastEntryTermIndex();
    long end = Math.max(applied, last == null ? 0 : last.getIndex());
    if (end < noted) {
      throw StartFault.damaged(
          "Expected the metadata log in "
              + file.getParent()
              + " to reach entry "
              + noted
              + ", as it did once ("
              + NAME
              + "), but it ends at entry "
              + end);
    }
  }
}
