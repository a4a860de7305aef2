package dev.naru.broker.replica;

import dev.naru.metadata.image.DeclaredLoss;

/** Whether a follower may cut its log as its leader tells it to. */
public sealed interface CutVerdict {

  /** What goes was never committed as far as anybody knows, or has been declared lost. */
  record Cut() implements CutVerdict {}

  /**
   * It belongs to this declared loss, which does not reach so far yet: it is to be announced first.
   */
  record Declare(DeclaredLoss loss) implements CutVerdict {}

  /** It was committed, and nobody has declared that it is lost. */
  record Refuse() implements CutVerdict {}
}
