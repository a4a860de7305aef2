package dev.naru.client.consumer;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls what belongs to the application within a call of its own, and keeps what it throws until
 * that call is through: nothing is left half done because of a listener. Owned by the consumer's
 * thread.
 */
public final class Callbacks {

  private final OneThread oneThread;
  private @Nullable Throwable thrown; // within the present call

  /** Of the consumer that belongs to this thread at a time. */
  public Callbacks(OneThread oneThread) {
    this.oneThread = oneThread;
  }

  /** Whether the present call is made by one of them. */
  public boolean isInside() {
    return oneThread.isCallingBack();
  }

  /** Whatever it throws: also an assertion of the application leaves nothing half done. */
  public void call(Runnable callback) {
    try {
      oneThread.callBack(callback);
    } catch (Throwable e) {
      keep(e);
    }
  }

  /** Throws this when the present call is through. */
  void keep(Throwable failure) {
    if (thrown == null) {
      thrown = failure;
    } else {
      thrown.addSuppressed(failure);
    }
  }

  /** The answer of the application; no when it fails. */
  public boolean ask(BooleanSupplier question) {
    var answer = new AtomicBoolean();
    call(() -> answer.set(question.getAsBoolean()));
    return answer.get();
  }

  /**
   * Ends a call in which the application was called back.
   *
   * @throws RuntimeException what the first callback threw that failed; an error as such, and what
   *     it could not declare as the cause
   */
  public void throwWhatWasThrown() {
    var failure = thrown;
    if (failure == null || isInside()) {
      return;
    }
    thrown = null;
    if (failure instanceof Error error) {
      throw error;
    }
    throw failure instanceof RuntimeException e
        ? e
        : new IllegalStateException(
            "Expected a listener or callback to throw nothing checked, but it threw " + failure,
            failure);
  }
}
