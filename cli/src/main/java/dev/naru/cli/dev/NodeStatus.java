package dev.naru.cli.dev;

import dev.naru.types.HostPort;
import java.util.Optional;

/** What one node of a dev cluster does now. */
public record NodeStatus(
    int node, Optional<Long> pid, Condition condition, HostPort client, HostPort http) {

  /** What it does. */
  public enum Condition {
    /** Its process is there, and it is not ready. */
    STARTING,
    /** It is ready. */
    RUNNING,
    /** It has no process. */
    STOPPED
  }
}
