package dev.naru.controller;

import dev.naru.metadata.command.MetadataCommand;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The commands of the controller itself that are under way or were decided a moment ago. The rules
 * name a command for as long as it is due, so that one that is refused, or changes nothing, would
 * otherwise be submitted as fast as the log commits.
 */
final class OwnCommands {

  /** One entry a second for a command that keeps being refused is a log that can be read. */
  static final long REST_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** When each was decided; empty while it is under way. */
  private final Map<MetadataCommand, Optional<Long>> decidedNanos = new HashMap<>();

  /** Whether to submit it now; it is under way then. */
  boolean begin(MetadataCommand command, long nowNanos) {
    Optional<Long> decided = decidedNanos.get(command);
    boolean free = decided == null || decided.filter(at -> nowNanos - at >= REST_NANOS).isPresent();
    if (free) {
      decidedNanos.put(command, Optional.empty());
    }
    return free;
  }

  void decided(MetadataCommand command, long nowNanos) {
    decidedNanos.put(command, Optional.of(nowNanos));
  }

  /** Its outcome is not known: sent again, it does no harm. */
  void lost(MetadataCommand command) {
    decidedNanos.remove(command);
  }

  /** Drops what has rested. */
  void forget(long nowNanos) {
    decidedNanos
        .values()
        .removeIf(decided -> decided.filter(at -> nowNanos - at >= REST_NANOS).isPresent());
  }
}
