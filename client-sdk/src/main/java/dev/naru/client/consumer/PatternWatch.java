package dev.naru.client.consumer;

import dev.naru.client.core.Subscription;
import dev.naru.client.transport.ClientLoop;
import dev.naru.client.transport.TopicNames;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks from time to time which topics match the pattern that a consumer subscribes to. Owned by
 * the consumer's thread.
 */
final class PatternWatch {

  private static final Logger LOG = LoggerFactory.getLogger(PatternWatch.class);

  /** The names of all topics are many bytes: nobody asks for them more often, whatever is set. */
  private static final Duration INTERVAL_MIN = Duration.ofSeconds(30);

  private final Supplier<CompletableFuture<SortedSet<String>>> names;
  private final ClientLoop loop;
  private final Inbox inbox;
  private final long intervalNanos;
  private final long retryNanos;
  private Optional<Subscription> watched = Optional.empty();
  private boolean isAsking;
  private long dueNanos;

  PatternWatch(
      Supplier<CompletableFuture<SortedSet<String>>> names,
      ClientLoop loop,
      Inbox inbox,
      Duration maxAge,
      Duration retry) {
    this.names = names;
    this.loop = loop;
    this.inbox = inbox;
    this.intervalNanos = (maxAge.compareTo(INTERVAL_MIN) < 0 ? INTERVAL_MIN : maxAge).toNanos();
    this.retryNanos = retry.toNanos();
  }

  static PatternWatch of(
      TopicNames names, ClientLoop loop, Inbox inbox, Duration maxAge, Duration retry) {
    return new PatternWatch(names::all, loop, inbox, maxAge, retry);
  }

  /** Watches for this one from now on, and for no other. */
  void watch(Subscription subscription, long nowNanos) {
    watched = Optional.of(subscription).filter(each -> each.pattern().isPresent());
    dueNanos = nowNanos;
  }

  /** Asks when it is time, and tells this which topics match. */
  void run(long nowNanos, Consumer<SortedSet<String>> onMatch) {
    if (watched.isEmpty() || isAsking || nowNanos - dueNanos < 0) {
      return;
    }
    isAsking = true;
    var asked = watched.get();
    loop.whenDone(
        names.get(),
        found ->
            inbox.put(() -> {
              isAsking = false;
              if (watched.filter(asked::equals).isPresent()) {
                dueNanos = nowNanos + intervalNanos;
                onMatch.accept(asked.topics(found));
              }
            }),
        failure ->
            inbox.put(() -> {
              isAsking = false;
              dueNanos = nowNanos + retryNanos;
              LOG.debug("It is not known which are the {}", asked, failure);
            }));
  }
}
