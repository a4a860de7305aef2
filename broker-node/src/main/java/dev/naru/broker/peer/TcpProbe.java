package dev.naru.broker.peer;

import dev.naru.controller.NodeProbe;
import dev.naru.types.HostPort;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Tells by a connection whether a process is gone: its port refuses. A paused process, a cut
 * network or a full backlog do not refuse, and prove nothing.
 */
public final class TcpProbe implements NodeProbe {

  /** A refusal comes within a round trip; silence is left to the liveness timeout. */
  private static final int CONNECT_MILLIS_MAX = 1_000;

  private final Executor executor;

  /** Probes on this executor, one blocking call each. */
  public TcpProbe(Executor executor) {
    this.executor = executor;
  }

  @Override
  public CompletableFuture<Boolean> isRefused(HostPort internal) {
    return CompletableFuture.supplyAsync(() -> refuses(internal), executor);
  }

  private static boolean refuses(HostPort address) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.host(), address.port()), CONNECT_MILLIS_MAX);
      return false;
    } catch (ConnectException e) {
      return String.valueOf(e.getMessage()).contains("refused");
    } catch (IOException e) {
      return false;
    }
  }
}
