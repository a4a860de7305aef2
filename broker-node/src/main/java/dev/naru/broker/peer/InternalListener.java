package dev.naru.broker.peer;

import dev.naru.broker.access.Principal;
import dev.naru.broker.rpc.AccessInterceptor;
import dev.naru.broker.rpc.MethodAccess;
import dev.naru.broker.transport.EventLoops;
import dev.naru.broker.transport.RpcServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The listener for nodes of the cluster. All of it runs on the event loops; the few calls that wait
 * take themselves elsewhere.
 */
public final class InternalListener implements AutoCloseable {

  /** Followers send no batches: their messages are small however many partitions they follow. */
  private static final int MESSAGE_BYTES_MAX = 4 << 20;

  private final RpcServer server;

  private InternalListener(RpcServer server) {
    this.server = server;
  }

  /**
   * Binds and serves.
   *
   * @throws IOException if the address cannot be bound
   */
  public static InternalListener open(
      InetSocketAddress bind,
      EventLoops loops,
      ReplicationService replication,
      ControllerService controller,
      SurveyService survey,
      CoordinatorService coordinators,
      LagService lag,
      LongSupplier nanoClock)
      throws IOException {
    var services =
        List.of(
            replication.definition(),
            controller.bindService(),
            survey.bindService(),
            coordinators.bindService(),
            lag.bindService());
    var access =
        new AccessInterceptor(Principal.Listener.INTERNAL, MethodAccess.of(services), nanoClock);
    return new InternalListener(
        RpcServer.open(
            bind, loops, MESSAGE_BYTES_MAX, services, List.of(access), Optional.empty()));
  }

  /** The port that was bound. */
  public int port() {
    return server.port();
  }

  /** Refuses new connections and ends the streams that stand. */
  @Override
  public void close() {
    server.abort();
  }
}
