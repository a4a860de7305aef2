package dev.naru.broker.group;

import java.util.List;
import org.pcollections.TreePSet;

/**
 * What a member says of itself, and what it wants. Kept apart from its {@link Holdings}: it is
 * large and hardly ever changes, while those are small and change with every partition that moves.
 *
 * @param topics names of those it wants to read from
 * @param offers the ways of sharing that it knows, best liked first; none in a native group
 */
public record Wishes(MemberProfile profile, TreePSet<String> topics, List<ClassicOffer> offers) {

  /** Keeps its own copy of the offers. */
  public Wishes {
    offers = List.copyOf(offers);
  }

  /** Of a native member. */
  static Wishes of(MemberProfile profile, TreePSet<String> topics) {
    return new Wishes(profile, topics, List.of());
  }

  /** Roughly how much room it takes, in characters and bytes. */
  long size() {
    long size = profile.size();
    for (var name : topics) {
      size += name.length();
    }
    for (var offer : offers) {
      size += offer.name().length() + offer.metadata().size();
    }
    return size;
  }

  Wishes withTopics(TreePSet<String> changed) {
    return new Wishes(profile, changed, offers);
  }

  Wishes withProfile(MemberProfile changed) {
    return new Wishes(changed, topics, offers);
  }

  Wishes withOffers(List<ClassicOffer> changed) {
    return new Wishes(profile, topics, changed);
  }
}
