package dev.naru.broker.group;

import java.util.List;
import java.util.Optional;

/**
 * What the leader of a classic round is told: it is to say who reads what.
 *
 * @param protocol what all members agreed to decide by
 * @param candidates all members, in the order of their ids
 */
public record Election(
    MemberId leader, int generation, String protocol, List<Candidate> candidates) {

  /** Keeps its own copy of the candidates. */
  public Election {
    candidates = List.copyOf(candidates);
  }

  /** A member, and what it needs the leader to know. */
  public record Candidate(MemberId member, Optional<String> instance, Opaque metadata) {}

  /** Of a group that waits for its leader; of no other. */
  public static Optional<Election> of(GroupImage image) {
    return image
        .header()
        .filter(header -> header.round().phase() == ClassicPhase.COMPLETING)
        .flatMap(header -> of(image, header.round()));
  }

  private static Optional<Election> of(GroupImage image, ClassicState round) {
    return round
        .leader()
        .flatMap(leader ->
            round
                .protocol()
                .map(protocol ->
                    new Election(leader, image.epoch(), protocol, candidates(image, protocol))));
  }

  private static List<Candidate> candidates(GroupImage image, String protocol) {
    return image.members().values().stream()
        .map(member ->
            new Candidate(
                member.id(),
                member.profile().instance(),
                member
                    .classic()
                    .flatMap(classic -> classic.metadataFor(protocol))
                    .orElse(Opaque.EMPTY)))
        .toList();
  }
}
