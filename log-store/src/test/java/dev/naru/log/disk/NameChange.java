package dev.naru.log.disk;

import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A creation (no {@code from}), a deletion (no {@code to}) or a rename that is not durable yet. A
 * rename takes effect as a whole, and changes of one name or one file come to disk in their order.
 */
record NameChange(CrashableNode node, Optional<Place> from, Optional<Place> to) {

  /** A name in a directory. */
  record Place(CrashableDirectory directory, String name) {}

  boolean touches(CrashableDirectory directory) {
    return isIn(directory, from) || isIn(directory, to);
  }

  private static boolean isIn(CrashableDirectory directory, Optional<Place> place) {
    return place.isPresent() && place.get().directory == directory;
  }

  /** Whether this one, being earlier, is on disk when the other is. */
  boolean isNeededFor(NameChange later) {
    return node.equals(later.node) || shares(from, later) || shares(to, later);
  }

  private static boolean shares(Optional<Place> place, NameChange later) {
    return place.isPresent() && (place.equals(later.from) || place.equals(later.to));
  }

  /** Does it to the durable layer. */
  void apply() {
    from.ifPresent(place -> place.directory.durable.remove(place.name, node));
    to.ifPresent(place -> place.directory.durable.put(place.name, node));
  }

  /** The same in a copy of the directories. */
  NameChange in(UnaryOperator<CrashableDirectory> copies) {
    CrashableNode copied = node instanceof CrashableDirectory made ? copies.apply(made) : node;
    return new NameChange(
        copied, from.map(place -> in(place, copies)), to.map(place -> in(place, copies)));
  }

  private static Place in(Place place, UnaryOperator<CrashableDirectory> copies) {
    return new Place(copies.apply(place.directory), place.name);
  }
}
