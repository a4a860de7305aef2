package dev.naru.client.transport;

import dev.naru.client.NaruTimeoutException;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The connections of one client: to each node one for every {@link Purpose}, so that a question
 * about metadata never waits behind megabytes of records. All of them share one event loop, on
 * which answers are handed over; nothing waits there.
 */
public final class Channels implements AutoCloseable {

  private static final int FLOW_CONTROL_BYTES = 4 << 20; // fixed: no pings to measure the path

  /** Plans and operations name 10,000 partitions, each of another topic with the longest name. */
  private static final int ANSWER_BYTES_MAX = 16 << 20;

  private static final int RECORDS_BYTES_MAX = 32 << 20; // a page, and one batch beyond it

  /**
   * While calls are open, a node that has said nothing for this long is asked whether it is there:
   * one that lost its power or its cable breaks no connection, and TCP gives up after a quarter of
   * an hour only. gRPC allows no less, and nodes permit twice as much. A connection without calls
   * is not asked; the first call on it after this long is.
   */
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

  /** Without an answer within this time the connection is given up, and every call on it fails. */
  private static final Duration KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(5);

  private static final long QUIET_CLOSE_MILLIS = 0; // the channels are already closed by then
  private static final long CLOSE_MILLIS_MAX = 2000;

  private final String userAgent;
  private final EventLoopGroup eventLoop;
  private final Map<Key, ManagedChannel> channels = new ConcurrentHashMap<>();
  private volatile boolean isClosed; // written by whoever closes, read by those who call

  /** Opens nothing yet. */
  public Channels(String clientId, ThreadFactory threads) {
    this.userAgent = clientId.isEmpty() ? "naru-java" : "naru-java " + clientId;
    this.eventLoop = new MultiThreadIoEventLoopGroup(1, threads, NioIoHandler.newFactory());
  }

  /** Calls a unary method. The future completes on the event loop: hand over at once. */
  <Q, A> CompletableFuture<A> call(
      HostPort address, MethodDescriptor<Q, A> method, Q request, Duration limit) {
    return call(Purpose.CONTROL, address, method, request, limit, ANSWER_BYTES_MAX);
  }

  /** The same, with an answer of records. */
  <Q, A> CompletableFuture<A> callForRecords(
      HostPort address, MethodDescriptor<Q, A> method, Q request, Duration limit) {
    return call(Purpose.FETCH, address, method, request, limit, RECORDS_BYTES_MAX);
  }

  private <Q, A> CompletableFuture<A> call(
      Purpose purpose,
      HostPort address,
      MethodDescriptor<Q, A> method,
      Q request,
      Duration limit,
      int answerBytesMax) {
    if (isClosed) { // a channel that is opened now would never be closed
      return CompletableFuture.failedFuture(
          new NaruTimeoutException(
              ErrorCode.REQUEST_TIMEOUT, "Expected an answer, but the client is closed"));
    }
    var answer = new CompletableFuture<A>();
    var options =
        CallOptions.DEFAULT
            .withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS)
            .withMaxInboundMessageSize(answerBytesMax);
    var call = channel(purpose, address).newCall(method, options);
    ClientCalls.asyncUnaryCall(call, request, new Promise<>(answer));
    return answer;
  }

  /**
   * The channel, told to try at once even if its last connection failed: the caller has its own
   * back-off.
   */
  Channel channel(Purpose purpose, HostPort address) {
    var channel = channels.computeIfAbsent(new Key(purpose, address), this::open);
    channel.resetConnectBackoff();
    return channel;
  }

  private ManagedChannel open(Key key) {
    return NettyChannelBuilder.forAddress(key.address.host(), key.address.port())
        .eventLoopGroup(eventLoop)
        .channelFactory(key.purpose == Purpose.FETCH ? BulkChannel::open : NioSocketChannel::new)
        .directExecutor()
        .disableRetry() // a batch sent twice behind our back would be stored twice
        .flowControlWindow(FLOW_CONTROL_BYTES)
        .keepAliveTime(KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS)
        .keepAliveTimeout(KEEP_ALIVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .userAgent(userAgent)
        .usePlaintext()
        .build();
  }

  /** Breaks all connections. */
  @Override
  public void close() {
    isClosed = true;
    channels.values().forEach(ManagedChannel::shutdownNow);
    eventLoop
        .shutdownGracefully(QUIET_CLOSE_MILLIS, CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(CLOSE_MILLIS_MAX);
  }

  /** What a connection is for. */
  enum Purpose {
    CONTROL,
    PRODUCE,
    FETCH
  }

  private record Key(Purpose purpose, HostPort address) {}

  /** The one answer of a unary call. */
  private static final class Promise<A> implements StreamObserver<A> {

    private final CompletableFuture<A> answer;

    Promise(CompletableFuture<A> answer) {
      this.answer = answer;
    }

    @Override
    public void onNext(A value) {
      answer.complete(value);
    }

    @Override
    public void onError(Throwable failure) {
      answer.completeExceptionally(Statuses.exception(failure));
    }

    @Override
    public void onCompleted() {} // the answer came before
  }
}
