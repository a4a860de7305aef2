package dev.naru.cli.dev;

import java.time.Instant;

/**
 * A node of a dev cluster, with the process that was started for it last.
 *
 * @param started when the operating system says that the process began
 */
record DevNode(int id, long pid, Instant started) {

  /** A node for which no process was started yet. */
  static DevNode notStarted(int id) {
    return new DevNode(id, 0, Instant.EPOCH);
  }
}
