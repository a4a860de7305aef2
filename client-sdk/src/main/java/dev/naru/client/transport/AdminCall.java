package dev.naru.client.transport;

import dev.naru.client.NaruException;
import dev.naru.client.core.RetryPolicy;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One call, over all nodes that are asked for it. Owned by the loop. */
final class AdminCall<Q, A> {

  /** Beyond this a cluster does not recover by itself in time for whoever waits. */
  private static final long TRYING_NANOS_MAX = Duration.ofSeconds(5).toNanos();

  /** Of a call that may be repeated: a node that takes longer hangs. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

  /**
   * A node says that the quorum is lost when it has waited for a controller for long. One may be
   * cut off; where a second one finds none either, the rest would only take as long again each.
   */
  private static final int QUORUM_LOST_TOLD = 2;

  /** Which nodes are asked, one after the other, and how. */
  record Whom(Supplier<List<HostPort>> nodes, Way way) {}

  @FunctionalInterface
  interface Way {
    <Q, A> CompletableFuture<A> call(
        HostPort address, MethodDescriptor<Q, A> method, Q request, Duration limit);
  }

  enum Repeat {
    /** It changes nothing, and each node answers by itself. */
    AT_ANY_NODE,
    /** It changes nothing more; a node may have to wait for the controller before it answers. */
    HARMLESS,
    /** Only what certainly did not arrive. */
    IF_UNSENT
  }

  /** What every call is made with. */
  record Means(ClientLoop loop, Router router, RetryPolicy retry, RandomGenerator dice) {}

  private final Means means;
  private final MethodDescriptor<Q, A> method;
  private final Q request;
  private final Repeat repeat;
  private final Whom whom;
  private final long startedNanos;
  private final long untilNanos;
  private final CompletableFuture<A> answer = new CompletableFuture<>();
  private final Deque<HostPort> round = new ArrayDeque<>();
  private final StringBuilder unreachable = new StringBuilder();
  private @Nullable NaruException told; // what a node said last, other than nothing
  private boolean hasAnyAnswered;
  private int failures;
  private int quorumsLost;

  AdminCall(
      Means means,
      MethodDescriptor<Q, A> method,
      Q request,
      Repeat repeat,
      Whom whom,
      long untilNanos) {
    this.means = means;
    this.method = method;
    this.request = request;
    this.repeat = repeat;
    this.whom = whom;
    this.untilNanos = untilNanos;
    this.startedNanos = means.loop().nanoTime();
  }

  /** Asks, on the loop. */
  CompletableFuture<A> begin() {
    means.loop().execute(this::beginRound);
    return answer;
  }

  private void beginRound() {
    round.addAll(whom.nodes().get());
    unreachable.setLength(0);
    hasAnyAnswered = false;
    askNext();
  }

  private void askNext() {
    var address = round.removeFirst();
    means
        .loop()
        .whenDone(
            whom.way().call(address, method, request, limit()),
            answer::complete,
            failure -> onFailure(address, failure));
  }

  /**
   * One that hangs leaves time for those that can be asked after it. But not less than a node may
   * take to find that there is no controller, or its reason would never be heard.
   */
  private Duration limit() {
    long left = Math.max(untilNanos - means.loop().nanoTime(), 0);
    long share = round.isEmpty() ? left : left / 2;
    return Duration.ofNanos(
        switch (repeat) {
          case AT_ANY_NODE -> Math.min(share, ANSWER_MAX.toNanos());
          case HARMLESS -> Math.min(left, ANSWER_MAX.toNanos());
          case IF_UNSENT -> left;
        });
  }

  private void onFailure(HostPort address, NaruException failure) {
    boolean isUnsent = Statuses.isUnsent(failure);
    if (isUnsent) {
      unreachable.append(unreachable.isEmpty() ? "" : "; ").append(address).append(": ");
      unreachable.append(failure.getMessage());
    }
    hasAnyAnswered |= !isUnsent;
    if (!isUnsent && failure.code() != ErrorCode.REQUEST_TIMEOUT) {
      told = failure;
    }
    if (failure.code() == ErrorCode.METADATA_QUORUM_LOST) {
      quorumsLost++;
    }
    if (failure.code() == ErrorCode.NOT_LEADER) {
      means.router().refresh(); // the next round asks all nodes, and not only those that were named
    }
    boolean mayRepeat =
        failure.isRetriable()
            && !isOutOfDate(failure)
            && (isUnsent
                || repeat != Repeat.IF_UNSENT
                || failure.code() == ErrorCode.NODE_STARTING);
    if (!mayRepeat) {
      answer.completeExceptionally(failure);
    } else if (quorumsLost >= QUORUM_LOST_TOLD && isOver(0)) {
      answer.completeExceptionally(reason(failure));
    } else if (!round.isEmpty()) {
      askNext();
    } else {
      endRound(failure);
    }
  }

  /**
   * What was asked for is out of date. A node that is behind, and does not know it yet, must not be
   * asked instead.
   */
  private static boolean isOutOfDate(NaruException failure) {
    return failure.code() == ErrorCode.PARTITION_EPOCH_MISMATCH;
  }

  /** That the time is over says less than why nodes asked for more of it. */
  private NaruException reason(NaruException last) {
    var heard = told;
    return heard != null && last.code() == ErrorCode.REQUEST_TIMEOUT ? heard : last;
  }

  /** Whether the time for trying will be over by then. */
  private boolean isOver(long waitNanos) {
    long then = means.loop().nanoTime() + waitNanos;
    return then - startedNanos > TRYING_NANOS_MAX || then - untilNanos > 0;
  }

  private void endRound(NaruException last) {
    if (!hasAnyAnswered) {
      answer.completeExceptionally(
          new NaruException(
              ErrorCode.BOOTSTRAP_UNREACHABLE,
              "Expected one of " + whom.nodes().get() + " to answer, but none did: " + unreachable,
              last.details(),
              last));
      return;
    }
    long wait = means.retry().waitNanos(++failures, means.dice());
    if (isOver(wait)) {
      answer.completeExceptionally(reason(last));
    } else {
      means.loop().schedule(wait, this::beginRound);
    }
  }
}
