package dev.naru.metadata.ratis;

import dev.naru.metadata.log.LeadershipListener;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Whether this node is the active controller, and in which term. Written by Ratis' threads, one of
 * which may report the start of a term just after another reported its end; the submitter's term is
 * therefore compared once more before each append, and the controller looks at the quorum at every
 * tick.
 */
final class Leadership {

  private static final long NOT_LEADING = -1;

  /** Guarded by this for writing, so that the listener hears changes in order; read by all. */
  private volatile long term = NOT_LEADING;

  /** Guarded by this. */
  private Optional<LeadershipListener> listener = Optional.empty();

  OptionalLong term() {
    long now = term;
    return now == NOT_LEADING ? OptionalLong.empty() : OptionalLong.of(now);
  }

  synchronized void follow(LeadershipListener added) {
    listener = Optional.of(added);
    if (term != NOT_LEADING) {
      added.controllerSince(term);
    }
  }

  synchronized void leads(long newTerm) {
    term = newTerm;
    listener.ifPresent(told -> told.controllerSince(newTerm));
  }

  synchronized void leadsNoLonger() {
    if (term != NOT_LEADING) {
      term = NOT_LEADING;
      listener.ifPresent(LeadershipListener::controllerNoLonger);
    }
  }
}
