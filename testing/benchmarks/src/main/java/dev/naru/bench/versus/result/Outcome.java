package dev.naru.bench.versus.result;

import java.util.Map;

/**
 * What one run of one case came to.
 *
 * @param othersShare of the processors, which somebody else had meanwhile
 * @param kernelSeconds of the kernel's threads meanwhile, which {@code cpu-s/GB} leaves out
 */
public record Outcome(
    String caseName,
    Contender contender,
    int round,
    Map<Measure, Double> figures,
    double othersShare,
    double kernelSeconds) {

  /** More than this in other hands, and a run does not count. */
  public static final double OTHERS_SHARE_MAX = 0.10;

  /** Keeps a copy. */
  public Outcome {
    figures = Measure.copyOf(figures);
  }

  /** Whether somebody else used so much that the figures say little. */
  public boolean isDisturbed() {
    return othersShare > OTHERS_SHARE_MAX;
  }
}
