package dev.naru.broker.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import io.netty.handler.codec.AdaptiveCumulator;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Settings;

/**
 * Fits a connection for batches, where gRPC has no setting for it: larger frames of HTTP/2, and
 * reads that end within a frame are not copied together with the next.
 */
final class DataPipeline {

  /** What the other side may send in one frame: fewer of them, and still small beside a buffer. */
  private static final int FRAME_BYTES_MAX = 64 << 10;

  /**
   * A piece this small is copied all the same, or a peer that sends bytes singly would cost much.
   */
  private static final int COMPOSED_BYTES_MIN = 1 << 10;

  private static final ByteToMessageDecoder.Cumulator CUMULATOR =
      new AdaptiveCumulator(COMPOSED_BYTES_MIN);

  private DataPipeline() {}

  /** Channels that are fitted once their connection stands. */
  static ChannelFactory<Channel> ofClients(ChannelFactory<? extends Channel> plain) {
    return () -> {
      Channel channel = plain.newChannel();
      channel.pipeline().addFirst(new Fitting());
      return channel;
    };
  }

  /** Listening channels whose connections are fitted. */
  static ChannelFactory<ServerChannel> ofServers(ChannelFactory<? extends ServerChannel> plain) {
    return () -> {
      ServerChannel channel = plain.newChannel();
      channel.pipeline().addFirst(new Accepting());
      return channel;
    };
  }

  private static final class Accepting extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
      ((Channel) accepted).pipeline().addFirst(new Fitting());
      context.fireChannelRead(accepted);
    }
  }

  /** Waits for the first bytes: by then the handler of HTTP/2 is there. */
  private static final class Fitting extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      var http2 = context.pipeline().context(Http2ConnectionHandler.class);
      if (http2 != null) {
        context.pipeline().remove(this);
        fit(http2, (Http2ConnectionHandler) http2.handler());
      }
      context.fireChannelRead(bytes);
    }

    private static void fit(ChannelHandlerContext context, Http2ConnectionHandler http2) {
      http2.setCumulator(CUMULATOR);
      var _ =
          http2
              .encoder()
              .writeSettings(
                  context, new Http2Settings().maxFrameSize(FRAME_BYTES_MAX), context.newPromise());
      context.flush();
    }
  }
}
