package dev.naru.broker.rpc;

import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Waits on behalf of a call: as long as the caller wants, but not for ever. */
final class Deadlines {

  /** A caller without a deadline, or with a very late one, is answered by then. */
  private static final long WAIT_MILLIS_MAX = 60_000;

  private Deadlines() {}

  /** How long the caller still waits; not above zero if he does not. */
  static long leftMillis() {
    return Optional.ofNullable(Context.current().getDeadline())
        .map(deadline -> Math.min(deadline.timeRemaining(TimeUnit.MILLISECONDS), WAIT_MILLIS_MAX))
        .orElse(WAIT_MILLIS_MAX);
  }

  /** Whether the call ends within so long, whatever the caller does. */
  static boolean isWithin(Duration max) {
    return Optional.ofNullable(Context.current().getDeadline())
        .filter(deadline -> deadline.timeRemaining(TimeUnit.MILLISECONDS) <= max.toMillis())
        .isPresent();
  }

  /**
   * The result, once it is there.
   *
   * @param explain turns a failure into what the caller is told
   * @throws StatusRuntimeException if it failed or did not come in time
   */
  static <T> T await(CompletableFuture<T> future, Function<Throwable, Refused> explain) {
    return await(future, explain, leftMillis());
  }

  /** The same of somebody who waits no longer than so many milliseconds. */
  static <T> T await(
      CompletableFuture<T> future, Function<Throwable, Refused> explain, long limit) {
    try {
      return future.get(limit, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw ErrorStatus.of(explain.apply(Optional.ofNullable(e.getCause()).orElse(e)));
    } catch (TimeoutException e) {
      future.cancel(false);
      throw ErrorStatus.of(
          new Refused(
              ErrorCode.REQUEST_TIMEOUT,
              "Expected an outcome within " + limit + " ms, but there is none; it may still come"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorStatus.of(new Refused(ErrorCode.NODE_STARTING, "This node stops"));
    }
  }
}
