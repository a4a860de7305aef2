package dev.naru.chaos.host;

import dev.naru.chaos.host.NodeProcess.Surroundings;
import dev.naru.chaos.host.Place.Link;
import dev.naru.types.HostPort;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Each node in a network namespace of its own, the clients in another one, and a router between all
 * of them, whose firewall is where links are cut. Only root can make one. The network of the
 * machine is not touched: no packet leaves these namespaces.
 *
 * <p>Who makes it and who uses it may be two processes: whoever runs the clients must be started in
 * their namespace, by {@link #command}.
 */
public final class NamespaceNetwork implements Network {

  private static final String TABLE = "inet chaos";
  private static final int LOSS_PERCENT = 20;
  private static final String SLOW_RATE = "512kbit";

  private final String run;
  private final int nodes;
  private final boolean isOwner;
  private final AtomicInteger disturbances = new AtomicInteger();

  private NamespaceNetwork(String run, int nodes, boolean isOwner) {
    this.run = run;
    this.nodes = nodes;
    this.isOwner = isOwner;
  }

  /** Why none can be made here, if none can. */
  public static Optional<String> whyNot() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return Optional.of("needs root");
    }
    return Stream.of("ip", "nsenter", "nft")
        .filter(tool -> !Shell.has(tool))
        .findFirst()
        .map(tool -> "needs " + tool)
        .or(NamespaceNetwork::whyNoNamespace);
  }

  private static Optional<String> whyNoNamespace() {
    var name = "naru-probe-" + ProcessHandle.current().pid();
    Leftovers.note("netns", name);
    var made = Shell.attempt("ip", "netns", "add", name);
    Shell.attempt("ip", "netns", "delete", name);
    Leftovers.forget("netns", name);
    return made.isSuccess()
        ? Optional.empty()
        : Optional.of("no network namespace can be made: " + made.output());
  }

  /** Makes one. */
  public static NamespaceNetwork create(int nodes) {
    var network = new NamespaceNetwork(Long.toString(ProcessHandle.current().pid()), nodes, true);
    network.addNamespace(network.router());
    network.inRouter("sysctl", "-q", "-w", "net.ipv4.ip_forward=1");
    for (int place = 0; place <= nodes; place++) {
      network.connect(new Place(place));
    }
    network.inRouter("nft", "add table " + TABLE);
    network.inRouter(
        "nft", "add chain " + TABLE + " forward { type filter hook forward priority 0; }");
    return network;
  }

  /** The one that another process has made, and will clear away. */
  public static NamespaceNetwork attach(String run, int nodes) {
    return new NamespaceNetwork(run, nodes, false);
  }

  /** By what another process can attach itself. */
  public String run() {
    return run;
  }

  private void addNamespace(String name) {
    Leftovers.note("netns", name);
    Shell.run("ip", "netns", "add", name);
    Shell.run("ip", "-n", name, "link", "set", "lo", "up");
  }

  /** A cable from the router: .1 is the router's end, .2 the other one's. */
  private void connect(Place place) {
    var name = namespace(place);
    var cable = cable(place);
    addNamespace(name);
    Shell.run(
        "ip", "-n", router(), "link", "add", cable, "type", "veth", "peer", "name", "up0", "netns",
        name);
    Shell.run("ip", "-n", router(), "addr", "add", address(place, 1) + "/24", "dev", cable);
    Shell.run("ip", "-n", router(), "link", "set", cable, "up");
    Shell.run("ip", "-n", name, "addr", "add", address(place, 2) + "/24", "dev", "up0");
    Shell.run("ip", "-n", name, "link", "set", "up0", "up");
    Shell.run("ip", "-n", name, "route", "add", "default", "via", address(place, 1));
  }

  private String router() {
    return "naru-" + run + "-r";
  }

  private String namespace(Place place) {
    return "naru-" + run + "-" + place.number();
  }

  private static String cable(Place place) {
    return "to" + place.number();
  }

  private static String address(Place place, int end) {
    return "10.77.%d.%d".formatted(place.number(), end);
  }

  private void inRouter(String... command) {
    Shell.run(entering(router(), command));
  }

  private static String[] entering(String namespace, String... command) {
    return Stream.concat(Stream.of("nsenter", "--net=/run/netns/" + namespace), Stream.of(command))
        .toArray(String[]::new);
  }

  /** What becomes a program of the clients: nsenter does not fork. */
  public List<String> command() {
    return List.of("nsenter", "--net=/run/netns/" + namespace(Place.CLIENTS));
  }

  @Override
  public HostPort bound(int node, Listener listener) {
    return new HostPort(address(Place.node(node), 2), port(listener));
  }

  private static int port(Listener listener) {
    return switch (listener) {
      case CLIENT -> 9410;
      case INTERNAL -> 9411;
      case RAFT -> 9412;
      case HTTP -> 9413;
    };
  }

  @Override
  public HostPort advertised(int node, Listener listener) {
    return bound(node, listener);
  }

  @Override
  public Surroundings surroundings(int node) {
    return new Surroundings(
        List.of("nsenter", "--net=/run/netns/" + namespace(Place.node(node))), Map.of());
  }

  @Override
  public Optional<String> whyNot(Effect effect) {
    return effect == Effect.SLOWNESS && !Shell.has("tc")
        ? Optional.of("needs tc")
        : Optional.empty();
  }

  @Override
  public Disturbance disturb(Effect effect, Set<Link> links, Traffic traffic) {
    return switch (effect) {
      case SILENCE -> filter(links, traffic, "drop");
      case RESET -> filter(links, traffic, "meta l4proto tcp", "reject with tcp reset");
      case LOSS -> filter(links, traffic, "numgen random mod 100 < " + LOSS_PERCENT, "drop");
      case SLOWNESS -> slow(links);
      case NOTHING -> filter(links, traffic, "continue");
    };
  }

  private Disturbance filter(Set<Link> links, Traffic traffic, String... matchAndVerdict) {
    int number = disturbances.incrementAndGet();
    var chain = "d" + number;
    var counter = "c" + number;
    var match = matchAndVerdict.length > 1 ? matchAndVerdict[0] + " " : "";
    var verdict = matchAndVerdict[matchAndVerdict.length - 1];
    inRouter("nft", "add chain " + TABLE + " " + chain);
    inRouter("nft", "add counter " + TABLE + " " + counter);
    for (var link : links) {
      var rule =
          "add rule %s %s ip saddr %s ip daddr %s "
              .formatted(TABLE, chain, address(link.from(), 2), address(link.to(), 2));
      for (var ports : portMatches(traffic)) {
        inRouter("nft", rule + ports + match + "counter name " + counter + " " + verdict);
      }
    }
    // One rule makes all of them hold at the same instant.
    inRouter("nft", "insert rule " + TABLE + " forward jump " + chain);
    return new Disturbance() {
      @Override
      public long hits() {
        var text = Shell.run(entering(router(), "nft", "list counter " + TABLE + " " + counter));
        return Long.parseLong(text.replaceAll("(?s).*packets (\\d+) .*", "$1"));
      }

      @Override
      public void close() {
        inRouter("nft", "flush chain " + TABLE + " " + chain);
      }
    };
  }

  private static List<String> portMatches(Traffic traffic) {
    return switch (traffic) {
      case ALL -> List.of("");
      case RAFT -> portMatches(Listener.RAFT);
      case INTERNAL -> portMatches(Listener.INTERNAL);
      case ANSWERS -> List.of("tcp sport " + port(Listener.INTERNAL) + " ");
    };
  }

  private static List<String> portMatches(Listener listener) {
    return List.of("tcp dport " + port(listener) + " ", "tcp sport " + port(listener) + " ");
  }

  /** A bucket at the cable of whoever receives: it slows down all that goes there. */
  private Disturbance slow(Set<Link> links) {
    var receivers = new TreeSet<Place>();
    links.forEach(link -> receivers.add(link.to()));
    receivers.forEach(place ->
        inRouter(
            "tc",
            "qdisc",
            "add",
            "dev",
            cable(place),
            "root",
            "tbf",
            "rate",
            SLOW_RATE,
            "burst",
            "16kb",
            "latency",
            "200ms"));
    return new Disturbance() {
      @Override
      public long hits() {
        return receivers.stream().mapToLong(NamespaceNetwork.this::overLimit).sum();
      }

      @Override
      public void close() {
        receivers.forEach(place -> inRouter("tc", "qdisc", "del", "dev", cable(place), "root"));
      }
    };
  }

  private long overLimit(Place place) {
    var text = Shell.run(entering(router(), "tc", "-s", "qdisc", "show", "dev", cable(place)));
    return Long.parseLong(text.replaceAll("(?s).*overlimits (\\d+) .*", "$1"));
  }

  @Override
  public boolean passes(Link link, Listener listener) {
    var target = bound(link.to().number(), listener);
    return Shell.attempt(
            entering(
                namespace(link.from()),
                "timeout",
                "1",
                "bash",
                "-c",
                "exec 3<>/dev/tcp/%s/%d".formatted(target.host(), target.port())))
        .isSuccess();
  }

  @Override
  public void close() {
    if (!isOwner) {
      return;
    }
    for (int place = 0; place <= nodes; place++) {
      remove(namespace(new Place(place)));
    }
    remove(router());
  }

  private static void remove(String namespace) {
    Shell.run("ip", "netns", "delete", namespace);
    Leftovers.forget("netns", namespace);
  }
}
