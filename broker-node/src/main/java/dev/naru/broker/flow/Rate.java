package dev.naru.broker.flow;

/** How much comes in a second. */
public record Rate(double bytes, double records) {

  /** Nothing. */
  public static final Rate ZERO = new Rate(0, 0);
}
