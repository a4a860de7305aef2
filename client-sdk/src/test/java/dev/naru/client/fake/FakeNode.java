package dev.naru.client.fake;

import dev.naru.types.HostPort;
import dev.naru.wire.DataStream;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One node: a gRPC server on loopback. */
final class FakeNode {

  private final int id;
  private final Server server;
  private volatile HostPort address = new HostPort("127.0.0.1", 0); // the port once it is known
  private volatile boolean hangs;
  private volatile boolean lags;
  private volatile boolean hasLostItsDisk;
  private volatile boolean hasNoEnd;
  private volatile boolean breaksOff;

  private FakeNode(FakeCluster cluster, int id, int port, EventLoopGroup eventLoop) {
    this.id = id;
    this.server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .bossEventLoopGroup(eventLoop)
            .workerEventLoopGroup(eventLoop)
            .channelType(NioServerSocketChannel.class)
            .directExecutor()
            .flowControlWindow(4 << 20)
            .maxInboundMessageSize(64 << 20)
            .permitKeepAliveTime(5, TimeUnit.SECONDS)
            .addService(new FakeMetadata(cluster, this))
            .addService(new FakeGroupService(cluster, this))
            .addService(new FakeTopicAdmin(cluster))
            .addService(new FakeClusterAdmin(cluster))
            .addService(new FakeNodeAdmin(cluster))
            .addService(new FakeConfigAdmin(id))
            .addService(new FakePartitionAdmin(cluster, this))
            .addService(new FakeGroupAdmin(cluster))
            .addService(new FakeSalvageAdmin(this))
            .addService(
                DataStream.PRODUCE.serve(
                    answers -> new FakeProduce(cluster, this, answers),
                    new FakeProducerIds(cluster, this).bindService()))
            .addService(DataStream.FETCH.serve(answers -> new FakeFetch(cluster, this, answers)))
            .build();
  }

  static FakeNode start(FakeCluster cluster, int id, EventLoopGroup eventLoop) {
    return startAt(cluster, id, 0, eventLoop)
        .orElseThrow(() -> new IllegalStateException("Expected a free port, but there is none"));
  }

  /** Where it was, or elsewhere if another process has taken the port meanwhile. */
  static FakeNode startAgain(
      FakeCluster cluster, int id, HostPort before, EventLoopGroup eventLoop) {
    return startAt(cluster, id, before.port(), eventLoop)
        .orElseGet(() -> start(cluster, id, eventLoop));
  }

  private static Optional<FakeNode> startAt(
      FakeCluster cluster, int id, int port, EventLoopGroup eventLoop) {
    var node = new FakeNode(cluster, id, port, eventLoop);
    try {
      node.server.start();
    } catch (IOException e) {
      return Optional.empty();
    }
    node.address = new HostPort("127.0.0.1", node.server.getPort());
    return Optional.of(node);
  }

  int id() {
    return id;
  }

  HostPort address() {
    return address;
  }

  void hang(boolean on) {
    hangs = on;
  }

  boolean hangs() {
    return hangs;
  }

  void lag() {
    lags = true;
  }

  boolean lags() {
    return lags;
  }

  void breakOff() {
    breaksOff = true;
  }

  boolean breaksOff() {
    return breaksOff;
  }

  void haveNoEnd() {
    hasNoEnd = true;
  }

  boolean hasNoEnd() {
    return hasNoEnd;
  }

  void loseDisk() {
    hasLostItsDisk = true;
  }

  boolean hasLostItsDisk() {
    return hasLostItsDisk;
  }

  void stop() {
    try {
      server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
