package dev.naru.stories;

import java.nio.file.Path;
import java.util.Optional;

/** A play of real nodes, clients and something that goes wrong. It ends with a verdict. */
interface Story {

  /** As {@code docs/CONFORMANCE.md} counts the scenarios. */
  String number();

  /** One sentence. */
  String title();

  /** Why it cannot be played here, if it cannot. */
  default Optional<String> whyNot() {
    return Optional.empty();
  }

  /** Plays it in an empty directory. */
  Verdict play(Path directory, Teller teller) throws Exception;
}
