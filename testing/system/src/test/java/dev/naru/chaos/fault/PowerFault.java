package dev.naru.chaos.fault;

import dev.naru.chaos.host.Freezer;
import dev.naru.chaos.host.LoopDisk;
import dev.naru.chaos.host.NodeHost;
import dev.naru.chaos.host.PowerCut;
import java.io.IOException;
import java.util.Optional;
import java.util.Random;

/** Nodes lose power at the same instant. Proof: two files on each disk, see {@link PowerCut}. */
final class PowerFault implements Fault {

  private final Victims victims;

  PowerFault(Victims victims) {
    this.victims = victims;
  }

  @Override
  public Optional<String> whyNot(Stage stage) {
    return stage.cluster().host(1).disk().isEmpty()
        ? Optional.of("needs root, for disks of the nodes' own")
        : LoopDisk.whyNot().or(Freezer::whyNot);
  }

  @Override
  public Outcome inflict(Stage stage, Random dice) throws IOException {
    var hosts = victims.of(stage, dice);
    var proven = PowerCut.of(hosts);
    hosts.forEach(NodeHost::start);
    hosts.forEach(host -> host.process().awaitReady());
    return Outcome.of(
        KillFault.names(hosts),
        proven.size() == hosts.size(),
        "on %d disks what was not forced is gone, what was is there".formatted(proven.size()));
  }
}
