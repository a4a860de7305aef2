package dev.naru.chaos.host;

import dev.naru.chaos.host.NodeProcess.Surroundings;
import dev.naru.chaos.host.Place.Link;
import dev.naru.testing.FreePorts;
import dev.naru.types.HostPort;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** No network: each listener has a port of this machine, and nothing can come in between. */
public final class Loopback implements Network {

  private final Map<String, HostPort> listeners = new TreeMap<>(); // guarded by this

  @Override
  public synchronized HostPort bound(int node, Listener listener) {
    return listeners.computeIfAbsent(
        node + listener.key(), _ -> new HostPort("127.0.0.1", FreePorts.next()));
  }

  @Override
  public HostPort advertised(int node, Listener listener) {
    return bound(node, listener);
  }

  @Override
  public Surroundings surroundings(int node) {
    return Surroundings.SAME;
  }

  @Override
  public Optional<String> whyNot(Effect effect) {
    return Optional.of("needs a network between the nodes");
  }

  @Override
  public Disturbance disturb(Effect effect, Set<Link> links, Traffic traffic) {
    throw new IllegalStateException("Expected a network, but all nodes are on one machine");
  }

  @Override
  public boolean passes(Link link, Listener listener) {
    return true;
  }

  @Override
  public void close() {}
}
