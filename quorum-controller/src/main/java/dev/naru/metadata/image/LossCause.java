package dev.naru.metadata.image;

/** Who decided that a replica leads that may lack acknowledged records. */
public enum LossCause {
  /** The topic's recovery mode. */
  MODE,
  /** An operator, who was shown the loss. */
  OPERATOR
}
