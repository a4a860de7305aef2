package dev.naru.chaos.fault;

import dev.naru.chaos.host.NodeHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Random;

/**
 * Nodes are stopped as they should be, one after the other, each after its predecessor is in sync
 * again. Proof: the exit status.
 */
final class StopFault implements Fault {

  private static final Duration LIMIT = Duration.ofSeconds(90);

  private final Victims victims;

  StopFault(Victims victims) {
    this.victims = victims;
  }

  @Override
  public Optional<String> whyNot(Stage stage) {
    return Optional.empty();
  }

  @Override
  public Outcome inflict(Stage stage, Random dice) {
    var hosts = victims.of(stage, dice);
    var statuses = new ArrayList<Integer>();
    for (NodeHost host : hosts) {
      statuses.add(host.stop());
      host.start().awaitReady();
      var _ = stage.cluster().awaitInSync(stage.admin(), stage.topic(), LIMIT);
    }
    return Outcome.of(
        KillFault.names(hosts),
        statuses.stream().allMatch(status -> status == 0),
        "exit status " + statuses);
  }
}
