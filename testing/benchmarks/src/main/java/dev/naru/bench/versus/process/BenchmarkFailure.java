package dev.naru.bench.versus.process;

/** A case cannot be measured, with what is needed to see why. */
public final class BenchmarkFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** Says what was expected. */
  public BenchmarkFailure(String message) {
    super(message);
  }
}
