package dev.naru.broker.group;

import java.util.List;
import java.util.Optional;

/** The assignors there are. */
public final class Assignors {

  /** For groups of which no member asks for another one. */
  public static final Assignor DEFAULT = new StickyAssignor();

  private static final List<Assignor> ALL =
      List.of(new RangeAssignor(), DEFAULT, new UniformAssignor());

  private Assignors() {}

  /** The assignor of this name. */
  public static Optional<Assignor> named(String name) {
    return ALL.stream().filter(assignor -> assignor.name().equals(name)).findFirst();
  }

  /** All names, in order. */
  public static List<String> names() {
    return ALL.stream().map(Assignor::name).toList();
  }
}
