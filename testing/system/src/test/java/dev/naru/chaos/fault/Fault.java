package dev.naru.chaos.fault;

import java.util.Optional;
import java.util.Random;

/** Something bad that happens for a while and is over then. */
public interface Fault {

  /** Why it cannot be made on this stage, if it cannot. */
  Optional<String> whyNot(Stage stage);

  /**
   * Makes it, lets it last and ends it. Nodes may be down afterwards, and whoever runs the play
   * starts them; all else is as it was.
   */
  Outcome inflict(Stage stage, Random dice) throws Exception;

  /**
   * What was done.
   *
   * @param proof how one knows that it happened; empty if one does not
   */
  record Outcome(String target, Optional<String> proof) {

    static Outcome proven(String target, String proof) {
      return new Outcome(target, Optional.of(proof));
    }

    static Outcome of(String target, boolean isProven, String proof) {
      return new Outcome(target, isProven ? Optional.of(proof) : Optional.empty());
    }
  }
}
