package dev.naru.client.transport;

import io.grpc.netty.shaded.io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.ByteToMessageDecoder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Settings;

/**
 * A connection over which megabytes come in. At HTTP/2's defaults a mebibyte is 64 frames, each
 * with objects of its own, and what a read brings is copied together with the rest of the read
 * before. Here the node is told that it may send larger frames, and frames are made of what was
 * read, where it lies.
 */
final class BulkChannel {

  /** Few frames a message, and each still fits into a processor's own cache. */
  private static final int FRAME_BYTES_MAX = 256 << 10;

  private static final int READ_BYTES_MIN = 2 << 10;
  private static final int READ_BYTES_FIRST = 16 << 10;
  private static final int READ_BYTES_MAX = 256 << 10;

  private BulkChannel() {}

  static Channel open() {
    var channel = new NioSocketChannel();
    channel
        .config()
        .setOption(
            ChannelOption.RECVBUF_ALLOCATOR,
            new AdaptiveRecvByteBufAllocator(READ_BYTES_MIN, READ_BYTES_FIRST, READ_BYTES_MAX));
    channel.pipeline().addFirst(new Tuner());
    return channel;
  }

  /** Acts once gRPC has set up its own handlers: when the node's first bytes come. */
  private static final class Tuner extends ChannelInboundHandlerAdapter {

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // without it frames are smaller, that is all
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      var pipeline = context.pipeline();
      var connection = pipeline.get(Http2ConnectionHandler.class);
      if (connection != null) {
        connection.setCumulator(ByteToMessageDecoder.COMPOSITE_CUMULATOR);
        var of = pipeline.context(connection);
        connection
            .encoder()
            .writeSettings(of, new Http2Settings().maxFrameSize(FRAME_BYTES_MAX), of.newPromise());
        of.flush();
        pipeline.remove(this);
      }
      context.fireChannelRead(bytes);
    }
  }
}
