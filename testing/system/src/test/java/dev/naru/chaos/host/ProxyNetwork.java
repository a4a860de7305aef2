package dev.naru.chaos.host;

import dev.naru.chaos.host.NodeProcess.Surroundings;
import dev.naru.chaos.host.Place.Link;
import dev.naru.testing.FreePorts;
import dev.naru.types.HostPort;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * For those who are not root: all nodes on loopback, and a proxy before each of their listeners.
 * Who calls is told by the process that owns the other end of the connection, so that links are cut
 * in one direction although everybody dials the same address.
 *
 * <p>It cannot lose single packets. A cut link holds back what is sent over it, as a silent router
 * does, and what was held back arrives when the link is mended, as with a router it would be sent
 * again. Pages under HTTP have no proxy: they are the test's window.
 */
public final class ProxyNetwork implements Network {

  private final Map<String, HostPort> bound = new TreeMap<>(); // guarded by this
  private final Map<String, Proxy> proxies = new TreeMap<>(); // guarded by this
  private final Callers callers = new Callers();
  private final CopyOnWriteArrayList<Gate> gates = new CopyOnWriteArrayList<>();

  @Override
  public synchronized HostPort bound(int node, Listener listener) {
    return bound.computeIfAbsent(
        node + " " + listener, _ -> new HostPort("127.0.0.1", FreePorts.next()));
  }

  @Override
  public synchronized HostPort advertised(int node, Listener listener) {
    var target = bound(node, listener);
    return listener == Listener.HTTP
        ? target
        : proxies
            .computeIfAbsent(
                node + " " + listener,
                _ -> new Proxy(Place.node(node), listener, target, callers, gates))
            .address();
  }

  @Override
  public Surroundings surroundings(int node) {
    return Surroundings.SAME;
  }

  @Override
  public Optional<String> whyNot(Effect effect) {
    return effect == Effect.LOSS ? Optional.of("a proxy cannot lose packets") : Optional.empty();
  }

  @Override
  public Disturbance disturb(Effect effect, Set<Link> links, Traffic traffic) {
    var gate = new Gate(effect, Set.copyOf(links), traffic, gates::remove);
    gates.add(gate);
    if (effect == Effect.RESET) {
      allProxies().forEach(proxy -> proxy.resetThose(gate));
    }
    return gate;
  }

  private synchronized Set<Proxy> allProxies() {
    return Set.copyOf(proxies.values());
  }

  @Override
  public boolean passes(Link link, Listener listener) {
    // Whether one could connect says nothing: the proxy always answers. What its gates do counts.
    return gates.stream().noneMatch(gate -> gate.isSilent(link, listener));
  }

  @Override
  public void joined(int node, long pid) {
    callers.add(Place.node(node), pid);
    forEachOf(node, Proxy::open);
  }

  @Override
  public void left(int node) {
    callers.remove(Place.node(node));
    forEachOf(node, Proxy::shut); // who dials a dead node must be refused
  }

  private void forEachOf(int node, Consumer<Proxy> action) {
    for (var proxy : allProxies()) {
      if (proxy.isBefore(Place.node(node))) {
        action.accept(proxy);
      }
    }
  }

  @Override
  public void close() {
    gates.forEach(Gate::close);
    allProxies().forEach(Proxy::shut);
  }
}
