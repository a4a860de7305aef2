package dev.naru.log.compaction;

/** The machine has no memory for the keys of a pass now. Nothing else is wrong. */
public final class KeyMemoryException extends RuntimeException {

  private static final long serialVersionUID = 1;

  KeyMemoryException(long bytes, OutOfMemoryError cause) {
    super(
        "Expected %d bytes outside the heap for keys (log.cleaner.dedupe.buffer.size), but: %s"
            .formatted(bytes, cause.getMessage()),
        cause);
  }
}
