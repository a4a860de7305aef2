package dev.naru.metadata.ratis;

import dev.naru.metadata.log.MetadataLogException;
import java.io.UncheckedIOException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.raftlog.RaftLog;

/**
 * What a node writes down beside Ratis' files to know at the next start whether they still say what
 * they said: how far the log has reached, and what the files say that have no checksum. Any thread.
 */
final class Witness {

  private static final Logger LOG = LogManager.getLogger(Witness.class);

  private final LogReach reach;
  private final RaftSeal seal;

  private Witness(LogReach reach, RaftSeal seal) {
    this.reach = reach;
    this.seal = seal;
  }

  /** What a metadata directory says. */
  static Witness of(QuorumSeat seat) throws MetadataLogException {
    return new Witness(LogReach.of(seat.directory()), RaftSeal.of(seat));
  }

  /** Refuses what Ratis would believe. Before it starts. */
  void check() throws MetadataLogException {
    seal.check();
  }

  /**
   * Refuses the rest, which takes a log to be known.
   *
   * @param applied up to where a snapshot reaches
   */
  void check(RaftLog log, long applied) throws MetadataLogException {
    seal.check(log);
    reach.refuseShorter(log, applied);
  }

  /** Writes down what has changed. Waits for the disk. */
  void note(RaftServer.Division division) {
    reach.note(division.getRaftLog());
    seal.note();
  }

  /** Ratis has just written a file of members, in a term that may be new. Waits for the disk. */
  void noteMembers() {
    try {
      seal.note();
    } catch (UncheckedIOException e) {
      LOG.debug("The next look writes it, or says that it cannot", e);
    }
  }
}
