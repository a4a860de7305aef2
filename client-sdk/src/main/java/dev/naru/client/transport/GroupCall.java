package dev.naru.client.transport;

import dev.naru.client.NaruException;
import dev.naru.client.NaruTimeoutException;
import dev.naru.client.core.LeaderHint;
import dev.naru.client.core.RetryPolicy;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.Refused;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * One call to the coordinator of a group, which may move meanwhile: it is found again, and the call
 * repeated, until the deadline. Owned by the loop.
 */
final class GroupCall<Q, A> {

  /** What every call is made with. */
  record Means(
      Channels channels,
      Coordinators coordinators,
      ClientLoop loop,
      Duration requestTimeout,
      RetryPolicy retry,
      RandomGenerator dice) {}

  /** What an answer says besides its contents. */
  record Told(Optional<Refused> refusal, Optional<LeaderHint> leader) {}

  private final Means means;
  private final String group;
  private final MethodDescriptor<Q, A> method;
  private final Q request;
  private final Function<A, Told> told;
  private final long deadlineNanos;
  private Consumer<A> onAnswer = answer -> {};
  private Consumer<NaruException> onFailure = failure -> {};
  private int failures;

  GroupCall(
      Means means,
      String group,
      MethodDescriptor<Q, A> method,
      Q request,
      Function<A, Told> told,
      long deadlineNanos) {
    this.means = means;
    this.group = group;
    this.method = method;
    this.request = request;
    this.told = told;
    this.deadlineNanos = deadlineNanos;
  }

  /** Calls one of these in the end, on the loop. */
  void begin(Consumer<A> answered, Consumer<NaruException> failed) {
    onAnswer = answered;
    onFailure = failed;
    ask();
  }

  private void ask() {
    means.coordinators.find(group, this::askAt, this::onRefused);
  }

  private void askAt(HostPort address) {
    long left = Math.max(deadlineNanos - means.loop.nanoTime(), 1);
    var limit = Duration.ofNanos(Math.min(left, means.requestTimeout.toNanos()));
    means.loop.whenDone(
        means.channels.call(address, method, request, limit),
        answer -> onTold(address, answer),
        failure -> {
          means.coordinators.forget(group, address);
          onRefused(new Refused(failure.code(), String.valueOf(failure.getMessage())));
        });
  }

  private void onTold(HostPort address, A answer) {
    var what = told.apply(answer);
    if (what.refusal.isEmpty()) {
      onAnswer.accept(answer);
      return;
    }
    var why = what.refusal.get();
    if (isElsewhere(why.code())) {
      means.coordinators.forget(group, address);
    }
    what.leader.ifPresent(leader -> means.coordinators.moved(group, leader));
    onRefused(why);
  }

  /** A node that is loading, or has too much to do, is still the one to ask. */
  private static boolean isElsewhere(ErrorCode code) {
    return code.isRetriable()
        && code != ErrorCode.COORDINATOR_LOADING
        && code != ErrorCode.TOO_MANY_REQUESTS;
  }

  private void onRefused(Refused why) {
    boolean mayPass = why.code().isRetriable() && why.code() != ErrorCode.STALE_GROUP_EPOCH;
    long wait = means.retry.waitNanos(++failures, means.dice);
    if (!mayPass) {
      onFailure.accept(NaruException.of(why));
    } else if (means.loop.nanoTime() + wait - deadlineNanos > 0) {
      onFailure.accept(
          new NaruTimeoutException(
              ErrorCode.REQUEST_TIMEOUT,
              "Expected the coordinator of the group "
                  + group
                  + " to answer in time, but the last answer was "
                  + why));
    } else {
      means.loop.schedule(wait, this::ask);
    }
  }
}
