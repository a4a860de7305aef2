package dev.naru.chaos.fault;

import dev.naru.chaos.host.Network.Effect;
import dev.naru.chaos.host.Network.Traffic;
import dev.naru.chaos.host.Place;
import dev.naru.chaos.host.Wait;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;

/** A node's links fail and come back, again and again. Proof: how often, and what was stopped. */
final class FlapFault implements Fault {

  private static final int FLIPS = 10;
  private static final Duration SHORTEST = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofSeconds(2);

  @Override
  public Optional<String> whyNot(Stage stage) {
    return stage.cluster().network().whyNot(Effect.SILENCE);
  }

  @Override
  public Outcome inflict(Stage stage, Random dice) {
    var node = Place.node(stage.anybody(dice).id());
    long stopped = 0;
    int flips = 0;
    for (int flip = 0; flip < FLIPS; flip++) {
      var links = Stage.between(node, stage.everybody());
      try (var cut = stage.cluster().network().disturb(Effect.SILENCE, links, Traffic.ALL)) {
        Wait.hold(Wait.between(dice, SHORTEST, LONGEST));
        stopped += cut.hits();
        flips++;
      }
      Wait.hold(Wait.between(dice, SHORTEST, LONGEST));
    }
    return Outcome.of(
        node.toString(), stopped > 0, "%d flips, %d pieces stopped".formatted(flips, stopped));
  }
}
