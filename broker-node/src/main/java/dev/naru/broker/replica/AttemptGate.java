package dev.naru.broker.replica;

import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps the order of producers that are not idempotent. A producer sends several batches before it
 * hears of the first; if that one is refused and a later one were taken, sending the first again
 * would put it behind. So after one refusal every later batch of the same attempt is refused too,
 * whatever else it may deserve, and the producer sends them all again, in order, as the next
 * attempt.
 *
 * <p>It outlives the partition's roles: a batch may be refused by the follower this node was a
 * moment ago.
 */
public final class AttemptGate {

  /**
   * Streams that were refused something. The oldest is forgotten: its attempt is long over by then.
   */
  private static final int STREAMS_MAX = 4096;

  private final Map<Long, Closure> byStream = new LinkedHashMap<>();

  private record Closure(long attempt, Refused why) {}

  /** Why this request cannot be taken because of an earlier one; empty if it can. */
  public Optional<Refused> whyNot(ProduceKey key) {
    if (byStream.isEmpty()) {
      return Optional.empty();
    }
    var closure = byStream.get(key.stream());
    if (closure == null || key.attempt() > closure.attempt()) {
      return Optional.empty();
    }
    return Optional.of(
        new Refused(
            codeBehind(closure.why().code()),
            "Expected an attempt after %d, in which an earlier batch was refused (%s), but was %d"
                .formatted(closure.attempt(), closure.why(), key.attempt())));
  }

  /** Takes note of a refusal. */
  public void refused(ProduceKey key, Refused why) {
    var closure = byStream.get(key.stream());
    if (closure != null && closure.attempt() >= key.attempt()) {
      return;
    }
    byStream.remove(key.stream());
    if (byStream.size() == STREAMS_MAX) {
      byStream.remove(byStream.keySet().iterator().next());
    }
    byStream.put(key.stream(), new Closure(key.attempt(), why));
  }

  /** A batch behind one that can never be taken can itself be taken, in another attempt. */
  private static ErrorCode codeBehind(ErrorCode first) {
    return first.isRetriable() ? first : ErrorCode.TOO_MANY_REQUESTS;
  }
}
