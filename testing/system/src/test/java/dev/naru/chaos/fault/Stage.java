package dev.naru.chaos.fault;

import static org.awaitility.Awaitility.await;

import dev.naru.chaos.host.ChaosCluster;
import dev.naru.chaos.host.NodeHost;
import dev.naru.chaos.host.Place;
import dev.naru.chaos.host.Place.Link;
import dev.naru.chaos.load.GroupReading;
import dev.naru.client.NaruClient;
import dev.naru.client.admin.NodeDescription;
import dev.naru.client.admin.PartitionDescription;
import dev.naru.record.Murmur2;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;

/**
 * On which faults play: the nodes, and somebody who can be asked how things are.
 *
 * @param admin a client that gives up soon
 * @param livenessTimeout after which silence of a node counts as its death
 * @param directory for files of the faults
 * @param group that reads the topic, once there is one
 */
public record Stage(
    ChaosCluster cluster,
    NaruClient admin,
    String topic,
    Duration livenessTimeout,
    Path directory,
    Optional<GroupReading> group) {

  private static final String OFFSETS = "__consumer_offsets";
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);

  /** The leader of some partition. */
  public NodeHost leader(Random dice) {
    var led =
        asked(
            "a partition to have a leader",
            () ->
                partitions().stream().filter(partition -> partition.leader().isPresent()).toList());
    return cluster.host(led.get(dice.nextInt(led.size())).leader().orElseThrow());
  }

  /** Some node. */
  public NodeHost anybody(Random dice) {
    return cluster.host(1 + dice.nextInt(cluster.hosts().size()));
  }

  /** The active controller. */
  public NodeHost controller() {
    return cluster.host(
        asked(
                "a controller to be known",
                () -> admin.admin().describeCluster().join().controller().stream().boxed().toList())
            .getFirst());
  }

  /** A node that is not the active controller. */
  public NodeHost follower(Random dice) {
    int controller = controller().id();
    var others = cluster.hosts().stream().filter(host -> host.id() != controller).toList();
    return others.get(dice.nextInt(others.size()));
  }

  /** The leader of the partition that holds what the group has committed. */
  public NodeHost coordinator() {
    byte[] name = group.orElseThrow().group().getBytes(StandardCharsets.UTF_8);
    var leader =
        asked(
                "the group to have a coordinator",
                () -> {
                  var all = partitions(OFFSETS);
                  var its = all.get(Murmur2.partition(name, all.size()));
                  return its.leader().stream().boxed().toList();
                })
            .getFirst();
    return cluster.host(leader);
  }

  private List<PartitionDescription> partitions() {
    return partitions(topic);
  }

  private List<PartitionDescription> partitions(String of) {
    return admin.admin().describeTopic(of).join().partitions();
  }

  private <T> List<T> asked(String what, Callable<List<T>> question) {
    var answer = new AtomicReference<List<T>>(List.of());
    await(what)
        .atMost(ANSWER_LIMIT)
        .ignoreExceptions()
        .until(() -> {
          answer.set(question.call());
          return !answer.get().isEmpty();
        });
    return answer.get();
  }

  /** A node as the cluster sees it now; empty if nobody answers. */
  public Optional<NodeDescription> seen(NodeHost host) {
    try {
      return admin.admin().listNodes().join().stream()
          .filter(node -> node.id() == host.id())
          .findFirst();
    } catch (RuntimeException nobodyAnswers) {
      return Optional.empty();
    }
  }

  /**
   * How often controllers have fenced a node, by what they have logged: a client may go on asking
   * the very node that hangs.
   */
  public long timesFenced(NodeHost host) {
    var decision = "decided FenceNode[node=" + host.id() + ",";
    return cluster.hosts().stream()
        .flatMap(any -> any.logText().lines())
        .filter(line -> line.contains(decision))
        .count();
  }

  /** Everybody, the clients too. */
  public Set<Place> everybody() {
    var all = nodes();
    all.add(Place.CLIENTS);
    return all;
  }

  /** All nodes. */
  public Set<Place> nodes() {
    var nodes = new TreeSet<Place>();
    cluster.hosts().forEach(host -> nodes.add(Place.node(host.id())));
    return nodes;
  }

  /** From one to each of the others. */
  public static Set<Link> from(Place one, Set<Place> others) {
    var links = new TreeSet<Link>();
    others.stream()
        .filter(other -> !other.equals(one))
        .forEach(other -> links.add(new Link(one, other)));
    return links;
  }

  /** From each of the others to one. */
  public static Set<Link> to(Place one, Set<Place> others) {
    var links = new TreeSet<Link>();
    from(one, others).forEach(link -> links.add(link.reversed()));
    return links;
  }

  /** Both ways. */
  public static Set<Link> between(Place one, Set<Place> others) {
    var links = from(one, others);
    links.addAll(to(one, others));
    return links;
  }
}
