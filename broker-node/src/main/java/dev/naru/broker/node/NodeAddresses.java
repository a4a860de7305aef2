package dev.naru.broker.node;

import dev.naru.broker.config.ListenerConfig;
import dev.naru.broker.config.ListenersConfig;
import dev.naru.metadata.image.NodeEndpoints;
import dev.naru.types.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Where a node listens and what it tells others. Others are told before the last listener is open,
 * so a port of 0 becomes a free one here and not when it is bound.
 *
 * @param bind where it listens
 * @param advertised what it tells
 */
public record NodeAddresses(NodeEndpoints bind, NodeEndpoints advertised) {

  private static final int BACKLOG = 1;

  static NodeAddresses of(ListenersConfig listeners) throws StartException {
    var client = choose("listeners.client", listeners.client());
    var internal = choose("listeners.internal", listeners.internal());
    var raft = choose("listeners.raft", listeners.raft());
    var http = choose("listeners.http", listeners.http());
    return new NodeAddresses(
        new NodeEndpoints(client, internal, raft, http),
        new NodeEndpoints(
            listeners.client().advertised(client.port()),
            listeners.internal().advertised(internal.port()),
            listeners.raft().advertised(raft.port()),
            listeners.http().advertised(http.port())));
  }

  private static HostPort choose(String setting, ListenerConfig listener) throws StartException {
    var bind = listener.bind();
    if (bind.port() != 0) {
      return bind;
    }
    try (var socket = new ServerSocket(0, BACKLOG, InetAddress.getByName(bind.host()))) {
      return new HostPort(bind.host(), socket.getLocalPort());
    } catch (IOException e) {
      throw StartFaults.notBound(setting, bind, e);
    }
  }

  /** Opens a listener. */
  interface Listening<T> {
    T open(InetSocketAddress address) throws IOException;
  }

  /** Binds a listener, or says which setting is at fault. */
  static <T> T listen(String setting, HostPort bind, Listening<T> listener) throws StartException {
    try {
      return listener.open(new InetSocketAddress(bind.host(), bind.port()));
    } catch (IOException e) {
      throw StartFaults.notBound(setting, bind, e);
    }
  }
}
