package dev.naru.broker.access;

/**
 * What a caller must be allowed to do before a method has any effect; stated by the method itself.
 */
public record RequiredAccess(Operation operation, Resource resource) {

  /** What is done. */
  public enum Operation {
    READ,
    WRITE,
    CREATE,
    DELETE,
    ALTER,
    DESCRIBE,
    NODE
  }

  /** To what kind of thing. */
  public enum Resource {
    CLUSTER,
    TOPIC,
    GROUP
  }
}
