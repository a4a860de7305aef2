package dev.naru.chaos.host;

import dev.naru.chaos.host.Network.Listener;
import dev.naru.chaos.host.Place.Link;
import dev.naru.testing.FreePorts;
import dev.naru.types.HostPort;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands before one listener of a node and hands on what comes, both ways. A thread accepts; each
 * connection has two, one a direction.
 */
final class Proxy {

  private static final int PIECE_BYTES = 16 << 10;

  private final Place node;
  private final Listener listener;
  private final HostPort target;
  private final Callers callers;
  private final List<Gate> gates;
  private final int port = FreePorts.next();
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private ServerSocket server; // guarded by this

  Proxy(Place node, Listener listener, HostPort target, Callers callers, List<Gate> gates) {
    this.node = node;
    this.listener = listener;
    this.target = target;
    this.callers = callers;
    this.gates = gates;
    this.server = listen();
  }

  HostPort address() {
    return new HostPort("127.0.0.1", port);
  }

  boolean isBefore(Place place) {
    return node.equals(place);
  }

  private ServerSocket listen() {
    try {
      var socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
      Thread.ofVirtual().name("proxy-" + node + "-" + listener).start(() -> accept(socket));
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException("Could not listen on port " + port, e);
    }
  }

  /** Listens, if it does not. */
  synchronized void open() {
    if (server.isClosed()) {
      server = listen();
    }
  }

  /** Listens no more, and cuts what there is. */
  synchronized void shut() {
    closeQuietly(server);
    connections.forEach(Connection::reset);
  }

  void resetThose(Gate gate) {
    for (var connection : connections) {
      if (gate.isOf(connection.forth, listener) || gate.isOf(connection.back, listener)) {
        gate.countHit();
        connection.reset();
      }
    }
  }

  private void accept(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        var caller = socket.accept();
        Thread.ofVirtual().start(() -> connect(caller));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void connect(Socket caller) {
    var forth = new Link(callers.of(caller.getPort(), port), node);
    if (gates.stream()
        .anyMatch(
            gate -> gate.refuses(forth, listener) || gate.refuses(forth.reversed(), listener))) {
      reset(caller);
      return;
    }
    try {
      var callee = new Socket(target.host(), target.port());
      caller.setTcpNoDelay(true);
      callee.setTcpNoDelay(true);
      var connection = new Connection(caller, callee, forth, forth.reversed());
      connections.add(connection);
      Thread.ofVirtual().start(() -> connection.pump(caller, callee, connection.forth));
      Thread.ofVirtual().start(() -> connection.pump(callee, caller, connection.back));
    } catch (IOException nobodyThere) {
      reset(caller);
    }
  }

  /** Closes with a reset, so that the other end knows at once. */
  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException closedAlready) {
      // then nothing is left to say
    }
    closeQuietly(socket);
  }

  private static void closeQuietly(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class Connection {
    private final Socket caller;
    private final Socket callee;
    private final Link forth;
    private final Link back;

    Connection(Socket caller, Socket callee, Link forth, Link back) {
      this.caller = caller;
      this.callee = callee;
      this.forth = forth;
      this.back = back;
    }

    void pump(Socket from, Socket to, Link link) {
      var piece = new byte[PIECE_BYTES];
      try {
        var in = from.getInputStream();
        var out = to.getOutputStream();
        for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
          for (var gate : gates) {
            if (gate.isOf(link.equals(back))) {
              gate.pass(link, listener, read);
            }
          }
          out.write(piece, 0, read);
        }
        to.shutdownOutput();
      } catch (IOException ended) {
        reset();
      } finally {
        if (caller.isClosed() || (caller.isOutputShutdown() && callee.isOutputShutdown())) {
          reset();
        }
      }
    }

    void reset() {
      connections.remove(this);
      Proxy.reset(caller);
      Proxy.reset(callee);
    }
  }
}
