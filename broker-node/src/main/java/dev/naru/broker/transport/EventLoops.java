package dev.naru.broker.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.internal.ThreadExecutorMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The threads that move bytes. Handlers run on them directly, because a hand-off costs more than
 * the work; so nothing that runs here waits, locks for long, or touches a file, but for the newest
 * bytes of a log, which consumers at its end are sent from the page cache.
 */
public final class EventLoops implements AutoCloseable {

  private static final long STOP_MILLIS_MAX = 2_000;

  private final EventLoopGroup group;

  private EventLoops(EventLoopGroup group) {
    this.group = group;
  }

  /** As many threads, made by the factory; epoll where there is one. */
  public static EventLoops start(int threads, ThreadFactory factory) {
    var handlers = Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    return new EventLoops(new MultiThreadIoEventLoopGroup(threads, factory, handlers));
  }

  /**
   * The event loop that runs the caller. What is given to it runs after everything that the current
   * read brought: the place to answer many messages with one.
   */
  public static ScheduledExecutorService current() {
    var executor = ThreadExecutorMap.currentExecutor();
    if (executor == null) {
      throw new IllegalStateException(
          "Expected to be on an event loop, but was on " + Thread.currentThread());
    }
    return executor;
  }

  /** One of the loops, for state that it alone is to touch. */
  public LoopExecutor next() {
    return new LoopExecutor(group.next());
  }

  EventLoopGroup group() {
    return group;
  }

  static ChannelFactory<ServerChannel> serverChannels() {
    return DataPipeline.ofServers(
        Epoll.isAvailable() ? EpollServerSocketChannel::new : NioServerSocketChannel::new);
  }

  static ChannelFactory<Channel> channels() {
    return DataPipeline.ofClients(
        Epoll.isAvailable() ? EpollSocketChannel::new : NioSocketChannel::new);
  }

  @Override
  public void close() {
    group
        .shutdownGracefully(0, STOP_MILLIS_MAX, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(STOP_MILLIS_MAX);
  }
}
