package dev.naru.chaos.fault;

import dev.naru.chaos.host.Network.Effect;
import dev.naru.chaos.host.Network.Listener;
import dev.naru.chaos.host.Network.Traffic;
import dev.naru.chaos.host.Place;
import dev.naru.chaos.host.Place.Link;
import dev.naru.chaos.host.Wait;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Something is wrong with links for some seconds. Proof: what it did is counted; of a cut, nothing
 * passes meanwhile; of a cut in one direction, what goes the other way is counted, too.
 */
final class LinkFault implements Fault {

  /** Which links. */
  interface Links {
    Set<Link> of(Stage stage, Random dice);
  }

  private static final Duration SHORTEST = Duration.ofSeconds(2);
  private static final Duration LONGEST = Duration.ofSeconds(15);
  private static final Duration HIT_LIMIT = Duration.ofSeconds(30);

  private final Effect effect;
  private final Traffic traffic;
  private final Links links;

  LinkFault(Effect effect, Traffic traffic, Links links) {
    this.effect = effect;
    this.traffic = traffic;
    this.links = links;
  }

  static LinkFault of(Effect effect, Links links) {
    return new LinkFault(effect, Traffic.ALL, links);
  }

  @Override
  public Optional<String> whyNot(Stage stage) {
    return stage.cluster().network().whyNot(effect);
  }

  @Override
  public Outcome inflict(Stage stage, Random dice) {
    var network = stage.cluster().network();
    var hit = links.of(stage, dice);
    var free = freeDirections(hit);
    try (var others = network.disturb(Effect.NOTHING, free, traffic);
        var disturbance = network.disturb(effect, hit, traffic)) {
      Wait.hold(Wait.between(dice, SHORTEST, LONGEST));
      boolean isHit =
          Wait.comes(
              HIT_LIMIT, () -> disturbance.hits() > 0 && (free.isEmpty() || others.hits() > 0));
      var listener = traffic == Traffic.RAFT ? Listener.RAFT : Listener.INTERNAL;
      boolean passes =
          effect == Effect.SILENCE && hit.stream().anyMatch(link -> tries(stage, link, listener));
      return Outcome.of(
          hit.toString(),
          isHit && !passes,
          "%d times %s".formatted(disturbance.hits(), effect)
              + (free.isEmpty() ? "" : ", %d passed the other way".formatted(others.hits()))
              + (effect == Effect.SILENCE ? ", nothing passes" : ""));
    }
  }

  /** Clients listen for nothing. */
  private static boolean tries(Stage stage, Link link, Listener listener) {
    return !link.to().equals(Place.CLIENTS) && stage.cluster().network().passes(link, listener);
  }

  /** The other directions of links that are hit in one. */
  private static Set<Link> freeDirections(Set<Link> hit) {
    var free = new HashSet<Link>();
    hit.forEach(link -> free.add(link.reversed()));
    free.removeAll(hit);
    return free;
  }
}
