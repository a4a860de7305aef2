package dev.naru.chaos.fault;

import dev.naru.chaos.host.NodeHost;
import dev.naru.chaos.host.Wait;
import dev.naru.client.admin.NodeDescription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * kill -9. The nodes return at once, or after the others have noticed. Proof: the exit status says
 * so, and the node is registered under a new epoch.
 */
final class KillFault implements Fault {

  private static final int KILLED = 128 + 9;
  private static final Duration LIMIT = Duration.ofSeconds(90);

  private final Victims victims;

  KillFault(Victims victims) {
    this.victims = victims;
  }

  @Override
  public Optional<String> whyNot(Stage stage) {
    return Optional.empty();
  }

  @Override
  public Outcome inflict(Stage stage, Random dice) {
    var hosts = victims.of(stage, dice);
    long before = hosts.stream().mapToLong(host -> epoch(stage, host)).max().orElseThrow();
    var statuses = new ArrayList<Integer>();
    hosts.forEach(host -> statuses.add(host.kill()));
    if (dice.nextBoolean()) {
      Wait.hold(Wait.between(dice, Duration.ZERO, stage.livenessTimeout()));
    }
    hosts.forEach(NodeHost::start);
    hosts.forEach(host -> host.process().awaitReady());
    boolean isNew =
        Wait.comes(LIMIT, () -> hosts.stream().allMatch(host -> epoch(stage, host) > before));
    return Outcome.of(
        names(hosts),
        isNew && statuses.stream().allMatch(status -> status == KILLED),
        "exit status " + statuses + ", new node epochs above " + before);
  }

  private static long epoch(Stage stage, NodeHost host) {
    return stage.seen(host).map(NodeDescription::epoch).orElse(-1L);
  }

  static String names(List<NodeHost> hosts) {
    return "nodes " + hosts.stream().map(NodeHost::id).toList();
  }
}
