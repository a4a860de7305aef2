package dev.naru.log;

/** How fast the disk may be used by work that nobody waits for. */
@FunctionalInterface
public interface Pace {

  /** So many bytes were read or written; returns when there may be more. */
  void spent(long bytes);
}
