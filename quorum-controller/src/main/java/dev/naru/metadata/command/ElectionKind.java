package dev.naru.metadata.command;

/** Why leaders are to be elected. */
public enum ElectionKind {
  /** The first replica should lead again where it is in sync. */
  PREFERRED,
  /** Enough time was given to ELR members that did not return: those present decide. */
  WAIT_IS_OVER
}
