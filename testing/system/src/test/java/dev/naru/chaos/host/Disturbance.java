package dev.naru.chaos.host;

/** Something that is being done to the network; ends when it is closed. */
public interface Disturbance extends AutoCloseable {

  /** How often it has had an effect so far: packets dropped, pieces held back, connections cut. */
  long hits();

  @Override
  void close();
}
