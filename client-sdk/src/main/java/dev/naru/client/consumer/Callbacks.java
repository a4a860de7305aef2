package dev.naru.client.consumer;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls what belongs to the application within a call of its own, and keeps what it throws until
 * that call is through: nothing is left half done because of a listener. Owned by the consumer's
 * thread.
 */
final class Callbacks {

  private final OneThread oneThread;
  private @Nullable RuntimeException thrown; // within the present call

  Callbacks(OneThread oneThread) {
    this.oneThread = oneThread;
  }

  /** Whether the present call is made by one of them. */
  boolean isInside() {
    return oneThread.isCallingBack();
  }

  void call(Runnable callback) {
    try {
      oneThread.callBack(callback);
    } catch (RuntimeException e) {
      if (thrown == null) {
        thrown = e;
      } else {
        thrown.addSuppressed(e);
      }
    }
  }

  /** The answer of the application; no when it fails. */
  boolean ask(BooleanSupplier question) {
    var answer = new AtomicBoolean();
    call(() -> answer.set(question.getAsBoolean()));
    return answer.get();
  }

  /**
   * Ends a call in which the application was called back.
   *
   * @throws RuntimeException what the first callback threw that failed
   */
  void throwWhatWasThrown() {
    var failure = thrown;
    if (failure != null && !isInside()) {
      thrown = null;
      throw failure;
    }
  }
}
