package dev.naru.metadata.ratis;

import dev.naru.metadata.log.MetadataLogException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.raftlog.RaftLog;

/**
 * What a node writes down beside Ratis' files to know at the next start whether they still say what
 * they said: how far the log has reached, and what the files say that have no checksum. Any thread.
 */
final class StartEvidence implements AutoCloseable {

  private static final Logger LOG = LogManager.getLogger(StartEvidence.class);

  private final LogReach reach;
  private final RaftSeal seal;

  private StartEvidence(LogReach reach, RaftSeal seal) {
    this.reach = reach;
    this.seal = seal;
  }

  /** What the metadata directory of this peer says. */
  static StartEvidence of(QuorumSeat seat, String self) throws MetadataLogException {
    return new StartEvidence(LogReach.of(seat.directory()), RaftSeal.of(seat, self));
  }

  /** Removes what speaks of a log that this directory does not hold any more. */
  static void discard(Path metadataDirectory) throws IOException {
    Files.deleteIfExists(metadataDirectory.resolve(LogReach.NAME));
    Files.deleteIfExists(metadataDirectory.resolve(RaftSeal.NAME));
  }

  /** Refuses what Ratis would believe. Before it starts. */
  void check() throws MetadataLogException {
    seal.check(reach.noted());
  }

  /**
   * Refuses the rest, which takes a log to be known.
   *
   * @param applied up to where a snapshot reaches, which may be all there is
   */
  void check(RaftLog log, long applied) throws MetadataLogException {
    seal.check(log, applied);
    var last = log.getLastEntryTermIndex();
    reach.refuseShorter(Math.max(applied, last == null ? 0 : last.getIndex()));
    reach.prepare();
  }

  /** Writes down what has changed. Waits for the disk. */
  void note(RaftServer.Division division) {
    noteReach(division.getRaftLog());
    reach.force();
    seal.note();
  }

  /** Entries were applied. Does not wait for the disk. */
  void noteApplied(RaftServer.Division division) {
    try {
      noteReach(division.getRaftLog());
    } catch (UncheckedIOException e) {
      LOG.debug("The next look writes it, or says that it cannot", e);
    }
  }

  private void noteReach(RaftLog log) {
    reach.note(Math.min(log.getLastCommittedIndex(), log.getFlushIndex()));
  }

  /** Ratis has just written a file of members, in a term that may be new. Waits for the disk. */
  void noteMembers() {
    try {
      seal.note();
    } catch (UncheckedIOException e) {
      LOG.debug("The next look writes it, or says that it cannot", e);
    }
  }

  @Override
  public void close() {
    reach.close();
  }
}
