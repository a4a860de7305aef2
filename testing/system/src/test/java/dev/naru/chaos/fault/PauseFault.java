package dev.naru.chaos.fault;

import dev.naru.chaos.host.Freezer;
import dev.naru.chaos.host.NodeHost;
import dev.naru.chaos.host.Wait;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A node stops where it is and goes on as if nothing had been: a zombie, if the others have taken
 * it for dead meanwhile. Proof: the state that the system names, and for a long pause that the node
 * was seen fenced.
 */
final class PauseFault implements Fault {

  private static final Duration SHORTEST = Duration.ofMillis(100);

  private final Victims victims;
  private final boolean isLong;
  private final boolean byFreezer;

  private PauseFault(Victims victims, boolean isLong, boolean byFreezer) {
    this.victims = victims;
    this.isLong = isLong;
    this.byFreezer = byFreezer;
  }

  /** Nobody notices. */
  static PauseFault brief() {
    return new PauseFault(Victims.LEADER, false, false);
  }

  /** The node counts as dead. */
  static PauseFault lasting() {
    return new PauseFault(Victims.LEADER, true, false);
  }

  /** The same, by the freezer. */
  static PauseFault frozen() {
    return new PauseFault(Victims.ANYBODY, true, true);
  }

  @Override
  public Optional<String> whyNot(Stage stage) {
    return byFreezer ? Freezer.whyNot() : Optional.empty();
  }

  @Override
  public Outcome inflict(Stage stage, Random dice) throws IOException {
    var host = victims.of(stage, dice).getFirst();
    return byFreezer ? freeze(stage, dice, host) : pause(stage, dice, host);
  }

  private Outcome pause(Stage stage, Random dice, NodeHost host) throws IOException {
    long before = stage.timesFenced(host);
    host.process().pause();
    String seen = last(stage, dice, host, before);
    char state = host.process().state();
    host.process().resume();
    return Outcome.of(
        "node " + host.id(), state == 'T' && !seen.isEmpty(), "state " + state + seen);
  }

  private Outcome freeze(Stage stage, Random dice, NodeHost host) {
    var name = "naru-chaos-pause-%d".formatted(host.process().pid());
    try (var freezer = Freezer.create(name)) {
      long before = stage.timesFenced(host);
      freezer.takeIn(List.of(host.process().pid()));
      freezer.freeze();
      String seen = last(stage, dice, host, before);
      return Outcome.of(
          "node " + host.id(), freezer.isFrozen() && !seen.isEmpty(), "state FROZEN" + seen);
    }
  }

  /** Empty if what should have followed did not. */
  private String last(Stage stage, Random dice, NodeHost host, long fencedBefore) {
    var timeout = stage.livenessTimeout();
    if (!isLong) {
      var time = Wait.between(dice, SHORTEST, timeout.dividedBy(2));
      Wait.hold(time);
      return " for " + time.toMillis() + " ms";
    }
    boolean isFenced =
        Wait.comes(
            timeout.multipliedBy(3).plusSeconds(30), () -> stage.timesFenced(host) > fencedBefore);
    Wait.hold(Wait.between(dice, SHORTEST, timeout));
    return isFenced ? " until it was seen fenced" : "";
  }
}
