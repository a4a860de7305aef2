package dev.naru.broker.transport;

import dev.naru.types.HostPort;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import java.util.concurrent.TimeUnit;

/**
 * Makes channels to other nodes. A channel is one connection on one event loop, and each purpose
 * has its own, so that no heartbeat waits behind megabytes of records. Retries are off: only the
 * caller knows what may be sent twice.
 */
public final class PeerChannels {

  /** Nodes of a cluster are near: a connection that takes longer is as good as refused. */
  private static final int CONNECT_MILLIS_MAX = 2_000;

  private final int batchBytesMax;

  /** Channels whose messages carry batches of at most this size. */
  public PeerChannels(int batchBytesMax) {
    this.batchBytesMax = batchBytesMax;
  }

  /** A channel on this event loop that connects when first used; whoever asks for it closes it. */
  public ManagedChannel open(HostPort address, LoopExecutor loop) {
    return NettyChannelBuilder.forAddress(address.host(), address.port())
        .eventLoopGroup(loop.loop())
        .channelFactory(EventLoops.channels())
        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS_MAX)
        .withOption(ChannelOption.TCP_NODELAY, true)
        .withOption(ChannelOption.RECVBUF_ALLOCATOR, RpcLimits.receiveBuffers())
        .withOption(ChannelOption.ALLOCATOR, HandOver.ALLOCATOR)
        .directExecutor()
        .disableRetry()
        .usePlaintext()
        .flowControlWindow(RpcLimits.WINDOW_BYTES)
        .maxInboundMessageSize(batchBytesMax + RpcLimits.MESSAGE_OVERHEAD_BYTES)
        .maxInboundMetadataSize(RpcLimits.HEADER_BYTES_MAX)
        .keepAliveTime(RpcLimits.PEER_KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS)
        .keepAliveTimeout(RpcLimits.PEER_KEEP_ALIVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .build();
  }
}
