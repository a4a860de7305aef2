package dev.naru.metadata.chronicle;

/** Who should look at an event. */
public enum EventLevel {
  /** Nobody has to. */
  INFO,
  /** Somebody should. */
  WARN,
  /** Records are lost, or something stands still until somebody acts. */
  ERROR
}
