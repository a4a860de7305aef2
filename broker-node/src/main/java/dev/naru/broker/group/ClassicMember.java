package dev.naru.broker.group;

import java.util.List;
import java.util.Optional;

/**
 * What only a classic group knows of its members.
 *
 * @param offers what it knows, best liked first
 * @param assignment what it was given to read in the group's present generation; absent until its
 *     leader has decided. Whoever has none has nothing to commit
 */
public record ClassicMember(List<ClassicOffer> offers, Optional<Opaque> assignment) {

  /** Keeps its own copy of the offers. */
  public ClassicMember {
    offers = List.copyOf(offers);
  }

  /** What it offers under this name. */
  public Optional<Opaque> metadataFor(String protocol) {
    return offers.stream()
        .filter(offer -> offer.name().equals(protocol))
        .map(ClassicOffer::metadata)
        .findFirst();
  }

  /** Whether it knows this way of sharing. */
  public boolean knows(String protocol) {
    return metadataFor(protocol).isPresent();
  }
}
