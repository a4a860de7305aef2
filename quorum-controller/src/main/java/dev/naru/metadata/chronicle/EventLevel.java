package dev.naru.metadata.chronicle;

/** Who should look at an event. */
public enum EventLevel {
  /** Nobody has to. */
  INFO,
  /** Somebody should. */
  WARN,
  /** Something stands still until somebody does. */
  ERROR
}
