package dev.naru.metadata.image;

/** What a registered node may do. */
public enum NodeState {
  /** Registered, not yet caught up; fenced. */
  STARTING,
  /** Unfenced: leads, follows, joins ISRs. */
  ACTIVE,
  /** Was silent or gone: leads nothing, is in no ISR. */
  FENCED,
  /** Gives up its leaderships before it stops; joins no ISR. */
  STOPPING,
  /**
   * Serves, but its own links or disk seem to be at fault: it leads only what nobody else could.
   */
  SUSPECTED;

  /** Whether the node may lead nothing and be in no ISR. */
  public boolean isFenced() {
    return this == STARTING || this == FENCED;
  }
}
