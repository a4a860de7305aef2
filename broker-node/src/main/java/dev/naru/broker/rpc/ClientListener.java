package dev.naru.broker.rpc;

import dev.naru.broker.access.Principal;
import dev.naru.broker.transport.EventLoops;
import dev.naru.broker.transport.RpcServer;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * The listener for clients: data and admin services, health and reflection. Streams run on the
 * event loops; unary calls may wait and get an executor.
 */
public final class ClientListener {

  private static final List<String> SERVING_NAMES = List.of("", "produce", "admin");
  private static final String QUORUM_NAME = "metadata-quorum";

  private final RpcServer server;
  private final HealthStatusManager health;

  private ClientListener(RpcServer server, HealthStatusManager health) {
    this.server = server;
    this.health = health;
  }

  /**
   * Binds and serves.
   *
   * @param batchBytesMax the largest batch that any topic may take
   * @throws IOException if the address cannot be bound
   */
  public static ClientListener open(
      InetSocketAddress bind,
      EventLoops loops,
      int batchBytesMax,
      ClientServices services,
      Executor unary,
      LongSupplier nanoClock)
      throws IOException {
    var health = new HealthStatusManager();
    var definitions = new ArrayList<>(services.definitions());
    definitions.add(health.getHealthService().bindService());
    definitions.add(ProtoReflectionServiceV1.newInstance().bindService());
    definitions.add(v1AlphaReflection());
    var access =
        new AccessInterceptor(Principal.Listener.CLIENT, MethodAccess.of(definitions), nanoClock);
    var server =
        RpcServer.open(
            bind, loops, batchBytesMax, definitions, List.of(access), Optional.of(unary));
    var listener = new ClientListener(server, health);
    SERVING_NAMES.forEach(name -> health.setStatus(name, ServingStatus.SERVING));
    listener.quorumIsAvailable(true);
    return listener;
  }

  /** Tools of before 2023 know no other. */
  @SuppressWarnings("deprecation")
  private static ServerServiceDefinition v1AlphaReflection() {
    return ProtoReflectionService.newInstance().bindService();
  }

  /** The port that was bound. */
  public int port() {
    return server.port();
  }

  /** Tells health checks whether topics can be changed now. */
  public void quorumIsAvailable(boolean isAvailable) {
    health.setStatus(QUORUM_NAME, isAvailable ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
  }

  /** Tells everyone to go elsewhere, then ends what has not ended within the limit. */
  public void drain(Duration limit) {
    health.enterTerminalState();
    server.drain(limit);
  }

  /** Ends everything at once. */
  public void abort() {
    server.abort();
  }
}
