package dev.naru.log.store;

/** Hears how far a start has come. Called by several threads. */
@FunctionalInterface
public interface RecoveryListener {

  /** So many of the logs in the directory at this location have been recovered. */
  void recovered(String location, int done, int total);
}
