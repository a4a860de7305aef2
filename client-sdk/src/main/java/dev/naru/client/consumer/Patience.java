package dev.naru.client.consumer;

import dev.naru.client.NaruException;
import dev.naru.client.NaruTimeoutException;
import dev.naru.client.transport.ClientLoop;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Has the consumer's thread wait for what comes through its {@link Inbox}. */
record Patience(ClientLoop clock, Inbox inbox) {

  /**
   * Takes what comes until this holds, or the limit has passed, or the client is closed: false
   * then.
   *
   * @throws NaruTimeoutException if the thread is interrupted, whose flag stays set
   */
  boolean await(BooleanSupplier claim, Duration limit) {
    try {
      return awaitInterruptibly(claim, limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NaruTimeoutException(
          ErrorCode.REQUEST_TIMEOUT, "Expected an answer, but the thread was interrupted");
    }
  }

  /** The same for a consumer that goes: a thread that is interrupted does not wait. */
  void awaitIfCalm(BooleanSupplier claim, Duration limit) {
    try {
      awaitInterruptibly(claim, limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean awaitInterruptibly(BooleanSupplier claim, Duration limit)
      throws InterruptedException {
    long deadline = after(limit);
    inbox.take();
    while (!claim.getAsBoolean()) {
      long left = deadline - clock.nanoTime();
      if (left <= 0 || inbox.isClosed()) {
        return false;
      }
      inbox.await(left);
    }
    return true;
  }

  /** When so long will have passed. */
  long after(Duration limit) {
    return clock.nanoTime() + Math.min(TimeUnit.NANOSECONDS.convert(limit), Long.MAX_VALUE / 4);
  }

  /** How long it is until then; zero when it has passed. */
  Duration until(long nanos) {
    return Duration.ofNanos(Math.max(nanos - clock.nanoTime(), 0));
  }

  /** A failure with the trace of who waited. */
  static NaruException copyOf(NaruException why) {
    String text = String.valueOf(why.getMessage());
    if (why instanceof NaruTimeoutException) {
      var copy = new NaruTimeoutException(why.code(), text, why.details());
      copy.addSuppressed(why);
      return copy;
    }
    return new NaruException(why.code(), text, why.details(), why);
  }
}
