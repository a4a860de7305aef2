package dev.naru.client.transport;

import dev.naru.client.ClientConfig;
import dev.naru.client.core.RetryPolicy;
import dev.naru.client.transport.AdminCall.Repeat;
import dev.naru.client.transport.AdminCall.Way;
import dev.naru.client.transport.AdminCall.Whom;
import dev.naru.types.HostPort;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Begins admin calls: which nodes are asked, and until when. */
final class AdminCaller {

  private final ClientConfig config;
  private final Router router;
  private final Channels channels;
  private final ClientLoop loop;
  private final AdminCall.Means means;

  AdminCaller(
      ClientConfig config,
      Router router,
      Channels channels,
      ClientLoop loop,
      RandomGenerator dice) {
    this.config = config;
    this.router = router;
    this.channels = channels;
    this.loop = loop;
    this.means = new AdminCall.Means(loop, router, RetryPolicy.of(config), dice);
  }

  // ---- any node

  <Q, A> CompletableFuture<A> anyNode(MethodDescriptor<Q, A> method, Q request, Repeat repeat) {
    return anyNode(Optional.empty(), method, request, repeat);
  }

  /** This one before others. */
  <Q, A> CompletableFuture<A> anyNode(
      Optional<HostPort> first, MethodDescriptor<Q, A> method, Q request, Repeat repeat) {
    return begin(() -> nodes(first), channels::call, method, request, repeat, timeout());
  }

  /** For one that may take as long as this, even if {@code request.timeout.ms} is less. */
  <Q, A> CompletableFuture<A> anyNodeWithin(
      Duration limit, MethodDescriptor<Q, A> method, Q request, Repeat repeat) {
    long until = Math.max(timeout(), loop.nanoTime() + limit.toNanos());
    return begin(() -> nodes(Optional.empty()), channels::call, method, request, repeat, until);
  }

  private List<HostPort> nodes(Optional<HostPort> first) {
    return Stream.concat(first.stream(), router.anyNode().stream()).distinct().toList();
  }

  // ---- one node

  /** What this node alone can answer, by this time. */
  <Q, A> CompletableFuture<A> node(
      HostPort node, MethodDescriptor<Q, A> method, Q request, long untilNanos) {
    return begin(
        () -> List.of(node), channels::call, method, request, Repeat.AT_ANY_NODE, untilNanos);
  }

  /** An answer with records in it, which is larger than others. */
  <Q, A> CompletableFuture<A> nodeForRecords(
      HostPort node, MethodDescriptor<Q, A> method, Q request) {
    return begin(
        () -> List.of(node),
        channels::callForRecords,
        method,
        request,
        Repeat.AT_ANY_NODE,
        timeout());
  }

  private <Q, A> CompletableFuture<A> begin(
      Supplier<List<HostPort>> nodes,
      Way way,
      MethodDescriptor<Q, A> method,
      Q request,
      Repeat repeat,
      long untilNanos) {
    var whom = new Whom(nodes, way);
    return new AdminCall<>(means, method, request, repeat, whom, untilNanos).begin();
  }

  // ---- until when

  /** {@code request.timeout.ms} from now. */
  private long timeout() {
    return loop.nanoTime() + config.requestTimeout().toNanos();
  }

  /** Three quarters of {@code request.timeout.ms} from now. */
  long shareOfTimeout() {
    return loop.nanoTime() + config.requestTimeout().toNanos() / 4 * 3;
  }
}
