package dev.naru.broker.transport;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One gRPC listener with its limits. Handlers run on the event loops. */
public final class RpcServer {

  private static final int ACCEPT_BACKLOG_MAX = 1_024;

  private final Server server;

  private RpcServer(Server server) {
    this.server = server;
  }

  /**
   * Binds and serves.
   *
   * @param batchBytesMax the largest batch that a message may carry
   * @param interceptors called in this order, the first one first
   * @param unary runs unary calls, which may wait; when empty they run on the event loops like
   *     streams
   * @throws IOException if the address cannot be bound
   */
  public static RpcServer open(
      InetSocketAddress bind,
      EventLoops loops,
      int batchBytesMax,
      List<ServerServiceDefinition> services,
      List<ServerInterceptor> interceptors,
      Optional<Executor> unary)
      throws IOException {
    var builder =
        NettyServerBuilder.forAddress(bind)
            .bossEventLoopGroup(loops.group())
            .workerEventLoopGroup(loops.group())
            .channelFactory(EventLoops.serverChannels())
            .withOption(ChannelOption.SO_BACKLOG, ACCEPT_BACKLOG_MAX)
            .withOption(ChannelOption.SO_REUSEADDR, true)
            .withChildOption(ChannelOption.TCP_NODELAY, true)
            .withChildOption(ChannelOption.RECVBUF_ALLOCATOR, RpcLimits.receiveBuffers())
            .withChildOption(ChannelOption.ALLOCATOR, HandOver.ALLOCATOR)
            .directExecutor()
            .flowControlWindow(RpcLimits.WINDOW_BYTES)
            .maxInboundMessageSize(batchBytesMax + RpcLimits.MESSAGE_OVERHEAD_BYTES)
            .maxInboundMetadataSize(RpcLimits.HEADER_BYTES_MAX)
            .maxConcurrentCallsPerConnection(RpcLimits.STREAMS_PER_CONNECTION_MAX)
            .handshakeTimeout(RpcLimits.HANDSHAKE_MAX.toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTime(RpcLimits.KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTimeout(RpcLimits.KEEP_ALIVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveTime(RpcLimits.PING_INTERVAL_MIN.toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveWithoutCalls(true)
            .maxConnectionIdle(RpcLimits.IDLE_MAX.toMillis(), TimeUnit.MILLISECONDS);
    services.forEach(builder::addService);
    interceptors.reversed().forEach(builder::intercept); // gRPC calls the last one added first
    unary.ifPresent(executor -> builder.callExecutor(new UnaryCalls(executor)));
    return new RpcServer(builder.build().start());
  }

  /** The port that was bound. */
  public int port() {
    return server.getPort();
  }

  /** Takes no further connections or calls, and gives those under way this long. */
  public void drain(Duration limit) {
    server.shutdown();
    try {
      if (!server.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  /** Ends everything at once. */
  public void abort() {
    server.shutdownNow();
  }

  /** Gives unary calls an executor of their own; null, in gRPC's words, means the server's. */
  private record UnaryCalls(Executor executor) implements ServerCallExecutorSupplier {
    @Override
    public <Q, A> @Nullable Executor getExecutor(ServerCall<Q, A> call, Metadata headers) {
      return call.getMethodDescriptor().getType() == MethodDescriptor.MethodType.UNARY
          ? executor
          : null;
    }
  }
}
