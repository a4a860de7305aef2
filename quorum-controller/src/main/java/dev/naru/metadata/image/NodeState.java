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
  STOPPING;

  /** Whether the node may lead nothing and be in no ISR. */
  public boolean isFenced() {
    return this == STARTING || this == FENCED;
  }
}
