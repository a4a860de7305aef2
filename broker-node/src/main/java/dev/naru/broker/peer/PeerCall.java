package dev.naru.broker.peer;

import dev.naru.broker.transport.LoopExecutor;
import dev.naru.broker.transport.PeerChannels;
import dev.naru.types.HostPort;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One question to another node, over a connection of its own that ends with the answer: for what is
 * asked seldom.
 */
final class PeerCall {

  private PeerCall() {}

  /** Fails with the status of the call. */
  static <Q, A> CompletableFuture<A> ask(
      PeerChannels channels,
      LoopExecutor loop,
      HostPort address,
      MethodDescriptor<Q, A> method,
      Q question,
      Duration limit) {
    var answer = new CompletableFuture<A>();
    var channel = channels.open(address, loop);
    var _ = answer.whenComplete((_, _) -> channel.shutdownNow());
    var options = CallOptions.DEFAULT.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
    ClientCalls.asyncUnaryCall(
        channel.newCall(method, options),
        question,
        new StreamObserver<>() {
          @Override
          public void onNext(A message) {
            answer.complete(message);
          }

          @Override
          public void onError(Throwable fault) {
            answer.completeExceptionally(fault);
          }

          @Override
          public void onCompleted() {
            answer.completeExceptionally(
                new IllegalStateException("Expected an answer, but the call ended without"));
          }
        });
    return answer;
  }
}
