package dev.naru.client.producer;

import dev.naru.client.NaruException;
import dev.naru.client.ProducerConfig;
import dev.naru.client.core.RetryPolicy;
import dev.naru.client.transport.ProducerIds.Drawn;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * As whom a producer sends, so that leaders know its batches again: an id that is asked for when it
 * first sends, and then kept. Owned by the loop.
 */
final class ProducerIdentity {

  private static final long WARNING_NANOS = Duration.ofMinutes(1).toNanos();

  private final ProducerConfig config;
  private final Source ids;
  private final LongSupplier nanoTime;
  private final RetryPolicy retry;
  private final RandomGenerator dice;
  private final Runnable onChange;
  private Optional<Drawn> drawn = Optional.empty();
  private Optional<Refused> lastRefusal = Optional.empty();
  private Optional<NaruException> end = Optional.empty();
  private boolean isAsking;
  private int failures; // in a row
  private long notBeforeNanos;
  private OptionalLong warnedNanos = OptionalLong.empty();

  /**
   * Asks for nothing yet.
   *
   * @param onChange is run when there is an id, or will never be one
   */
  ProducerIdentity(
      ProducerConfig config,
      Source ids,
      LongSupplier nanoTime,
      RetryPolicy retry,
      RandomGenerator dice,
      Runnable onChange) {
    this.config = config;
    this.ids = ids;
    this.nanoTime = nanoTime;
    this.retry = retry;
    this.dice = dice;
    this.onChange = onChange;
    this.notBeforeNanos = nanoTime.getAsLong();
  }

  /** The id, for a lane that begins. Asks for one if there is none: then the lane is to wait. */
  Optional<Drawn> current() {
    if (drawn.isEmpty()
        && end.isEmpty()
        && !isAsking
        && nanoTime.getAsLong() - notBeforeNanos >= 0) {
      isAsking = true;
      ids.draw(this::onDrawn, this::onFailure);
    }
    return drawn;
  }

  private void onDrawn(Drawn found) {
    isAsking = false;
    failures = 0;
    long waits = config.deliveryTimeout().toMillis();
    if (found.stateKeptMillis() > 0 && waits > found.stateKeptMillis()) {
      finish(
          new NaruException(
              ErrorCode.INVALID_CONFIG,
              "Expected delivery.timeout.ms to be at most "
                  + found.stateKeptMillis()
                  + " with enable.idempotence, because leaders remember a producer for so long, but"
                  + " was "
                  + waits,
              Map.of("setting", "delivery.timeout.ms")));
      return;
    }
    drawn = Optional.of(found);
    onChange.run();
  }

  private void onFailure(Refused why) {
    isAsking = false;
    lastRefusal = Optional.of(why);
    notBeforeNanos = nanoTime.getAsLong() + retry.waitNanos(++failures, dice);
  }

  /** Why there is no id; for whoever asks when time has run out. */
  Refused whyNone() {
    return lastRefusal.orElseGet(() ->
        new Refused(
            ErrorCode.REQUEST_TIMEOUT,
            "Expected an id for the producer, but no node has given one yet"));
  }

  /**
   * Lanes that begin from now on have another id: the present one cannot be used for them, or what
   * it was used for has been forgotten.
   */
  void renew() {
    drawn = Optional.empty();
  }

  /** Nothing may be sent any more. */
  void finish(NaruException why) {
    if (end.isEmpty()) {
      end = Optional.of(why);
      onChange.run();
    }
  }

  /** Whether it is time to say again that numbers begin anew: it may concern all lanes at once. */
  boolean mayWarn() {
    long now = nanoTime.getAsLong();
    if (warnedNanos.isPresent() && now - warnedNanos.getAsLong() < WARNING_NANOS) {
      return false;
    }
    warnedNanos = OptionalLong.of(now);
    return true;
  }

  /** Why nothing may be sent any more; empty while all is well. */
  Optional<NaruException> end() {
    return end;
  }

  /** Where ids come from. */
  @FunctionalInterface
  interface Source {

    /** Asks around once; one of these is called, on the loop. */
    void draw(Consumer<Drawn> onDrawn, Consumer<Refused> onFailure);
  }
}
